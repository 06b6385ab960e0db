using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

public sealed class AmbiguousScalarTests
{
    [Theory]
    [InlineData("yes"), InlineData("Yes"), InlineData("YES"), InlineData("no"), InlineData("No"), InlineData("NO")]
    [InlineData("on"), InlineData("On"), InlineData("ON"), InlineData("off"), InlineData("Off"), InlineData("OFF")]
    [InlineData("y"), InlineData("Y"), InlineData("n"), InlineData("N")]
    [InlineData("True"), InlineData("TRUE"), InlineData("False"), InlineData("FALSE")]
    [InlineData("017"), InlineData("00"), InlineData("08"), InlineData("0o17"), InlineData("0x1F"), InlineData("0b1"), InlineData("-0x1F")]
    [InlineData("1:30"), InlineData("13:00"), InlineData("03:00"), InlineData("1:30:00"), InlineData("8080:80"), InlineData("-1:30"), InlineData("1:30.5")]
    [InlineData("00:11:22:33:44:55")]
    [InlineData("1_000"), InlineData("+7"), InlineData("+1.5"), InlineData("-0")]
    [InlineData("1.10"), InlineData("1."), InlineData(".5"), InlineData("-1.5"), InlineData("1e3"), InlineData("1.5E-3"), InlineData("12e03")]
    [InlineData(".inf"), InlineData("-.INF"), InlineData("+.Inf"), InlineData(".nan"), InlineData(".NaN")]
    [InlineData("2026-01-01"), InlineData("2026-1-1"), InlineData("2026-01-01 03:00:00"), InlineData("2026-01-01T03:00:00Z"), InlineData("2026-01-01 03:00:00.5 +02:00")]
    [InlineData("="), InlineData("<<")]
    public void Two_meanings_are_refused_as_value_and_as_item(string word)
    {
        Assert.Equal("NG1011 1:4", Yaml.Places($"a: {word}\n"));
        Assert.Equal("NG1011 1:5", Yaml.Places($"a: [{word}]\n"));
        Assert.Equal("NG1011 2:3", Yaml.Places($"a:\n- {word}\n"));
        Assert.Contains($"\"{word}\"", Yaml.Read($"a: {word}\n").Findings.Single().Help);
        Assert.Equal($"{{a: \"{word}\", b: \"{word}\"}}", Yaml.Show(Yaml.Good($"a: \"{word}\"\nb: '{word}'\n")));
    }

    [Theory]
    [InlineData("on"), InlineData("1.10"), InlineData("03:00"), InlineData("2026-01-01"), InlineData("y")]
    public void Two_meanings_are_refused_as_key_which_stays_in_the_tree(string word)
    {
        var (tree, findings) = Yaml.Read($"{word}: b\n");

        Assert.Equal("NG1011 1:1", Yaml.Show(findings));
        Assert.Equal($"{{{word}: b}}", Yaml.Show(tree));
    }

    [Theory]
    [InlineData("true"), InlineData("false"), InlineData("0"), InlineData("7"), InlineData("-7"), InlineData("1000000")]
    [InlineData("03:00 daily"), InlineData("Sun 05:00"), InlineData("Mon..Fri 22:30"), InlineData("*-*-01 04:00", true), InlineData("daily")]
    [InlineData("b2:bucket:restic"), InlineData("/var/lib/x"), InlineData("127.0.0.1:9898"), InlineData("[::1]:9898", true)]
    [InlineData("2001:db8::1"), InlineData("fe80::1"), InlineData("no idea"), InlineData("yes-man"), InlineData("not"), InlineData("only")]
    [InlineData("1.2.3"), InlineData("v1.10"), InlineData("1h"), InlineData("10GiB"), InlineData("0x1G"), InlineData("-"), InlineData(".", true), InlineData("..")]
    [InlineData(".cache"), InlineData("+x"), InlineData("a=b"), InlineData("2026-01-01-old"), InlineData("2026"), InlineData("01-backup"), InlineData("1,5"), InlineData("e3"), InlineData("nan"), InlineData("٣")]
    [InlineData("nil"), InlineData("none"), InlineData("nUlL"), InlineData("café"), InlineData("😀")]
    public void One_meaning_is_left_alone(string word, bool onlyAlone = false)
    {
        Assert.Null(AmbiguousScalar.OtherReading(word));
        if (!onlyAlone && word != "-")
            Assert.Equal($"{{a: {word}}}", Yaml.Show(Yaml.Good($"a: {word}\n")));
    }

    [Theory]
    [InlineData("~"), InlineData("null"), InlineData("Null"), InlineData("NULL")]
    public void Null_is_no_value(string word)
    {
        Assert.Equal("NG1020 1:4", Yaml.Places($"a: {word}\n"));
        Assert.Equal("NG1020 1:5", Yaml.Places($"a: [{word}]\n"));
        Assert.Equal($"{{a: \"{word}\"}}", Yaml.Show(Yaml.Good($"a: '{word}'\n")));
    }
}
