using System.Text;
using System.Text.Json;
using CsCheck;
using NixGen.Languages.Nix;

namespace NixGen.Tests.Languages.Nix;

public sealed class NixLiteralTests
{
    // Pieces that mean something to Nix, alone or beside each other.
    private static readonly string[] Nasty =
    [
        "$", "{", "}", "${", "$${", "$$${", "''", "'", "\"", "\\", "\\\\", "\\n", "\n", "\r", "\r\n", "\t", " ", "  ", "#", "/*", "*/",
        "''${", "''$", "'''", "''\\n", "$\"", "\\$", "\\\"", "${x}", "${\"x\"}", "\u0001", "\u001b", "\u007f", "\u0085", "\u00a0", "\u2028",
        "\ufeff", "\u0301", "é", "e\u0301", "🦉", "𝔘", "~", "<nixpkgs>", "http://x", ";", "=", "[", "]", "(", ")", "let", "in", "rec",
    ];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]),
        Gen.Char[' ', '~'].Select(character => character.ToString()),
        // Any character but NUL and surrogates, which come in pairs only.
        Gen.Int[1, 0x10FFFF].Where(Rune.IsValid).Select(value => new Rune(value).ToString()));

    private static readonly Gen<string> AnyText = Piece.Array[0, 12].Select(string.Concat);

    /// <summary>100,000 texts, from C# to a Nix literal to Nix to JSON, come back unchanged.</summary>
    [ToolFact("nix-instantiate")]
    public void Texts_survive_Nix()
    {
        const int count = 100_000;
        var texts = Some(AnyText.Array[count]).Concat(Nasty).Append("").ToArray();
        Assert.True(texts.Distinct().Count() > count / 2);
        using var folder = new TemporaryFolder();
        var file = folder.Write("texts.nix", NixLiteral.Write(texts));
        var read = global::NixGen.Tests.Tools.Nix.EvaluateFile(file).EnumerateArray().Select(text => text.GetString()).ToArray();
        Assert.Equal(texts, read);
    }

    /// <summary>Lists and sets of anything, nested, with names that have to be quoted.</summary>
    [ToolFact("nix-instantiate")]
    public void Values_survive_Nix()
    {
        var scalar = Gen.OneOf(
            AnyText.Select(object? (text) => text), Gen.Bool.Select(object? (flag) => flag), Gen.Int.Select(object? (number) => number), Gen.Const((object?)null));
        var value = Gen.Recursive<object?>((depth, inner) => depth > 3
            ? scalar
            : Gen.OneOf(
                scalar,
                inner.Array[0, 4].Select(object? (items) => items),
                Gen.Select(AnyText, inner).Array[0, 4].Select(object? (members) => members.DistinctBy(member => member.Item1)
                    .ToDictionary(member => member.Item1, member => member.Item2))));
        var values = Some(value.Array[5_000]);
        using var folder = new TemporaryFolder();
        var file = folder.Write("values.nix", NixLiteral.Write(values));
        var read = global::NixGen.Tests.Tools.Nix.EvaluateFile(file);
        Assert.Equal(values.Length, read.GetArrayLength());
        Assert.All(values.Zip(read.EnumerateArray()), pair => AssertSame(pair.First, pair.Second));
    }

    // Not a theory: the test runner would hand half a surrogate pair over as another character.
    [Fact]
    public void What_no_Nix_string_can_hold_is_refused()
    {
        foreach (var text in new[] { "a\0b", "\ud800", "x\udc00y", "\udc00\ud800" })
            Assert.Throws<ArgumentException>(() => NixString.Quote(text));
    }

    [Fact]
    public void Layout_is_that_of_nixfmt()
    {
        Assert.Equal("[ ]", NixLiteral.Write(Array.Empty<string>()));
        Assert.Equal("[ \"a\" ]", NixLiteral.Write(new[] { "a" }));
        Assert.Equal("[\n  \"a\"\n  \"b\"\n]", NixLiteral.Write(new[] { "a", "b" }));
        Assert.Equal("{ }", NixLiteral.Write(new Dictionary<string, object?>()));
        Assert.Equal("{\n  a = [ \"x\" ];\n  \"b c\" = { };\n}", NixLiteral.Write(new Dictionary<string, object?>
        {
            ["a"] = new[] { "x" },
            ["b c"] = new Dictionary<string, object?>(),
        }));
    }

    /// <summary>The width counts from the indentation, with what stands before the value and the semicolon after it.</summary>
    [Theory]
    [InlineData(92, true)]
    [InlineData(93, false)]
    public void One_element_stays_on_the_line_while_it_fits(int length, bool fits)
    {
        var output = new StringBuilder("{\n  x = ");
        var text = new string('a', length - 3);
        NixLiteral.Write(output, new[] { text });
        Assert.Equal(fits ? $"{{\n  x = [ \"{text}\" ]" : $"{{\n  x = [\n    \"{text}\"\n  ]", output.ToString());
    }

    [Fact]
    public void A_long_text_goes_below_a_quoted_name_only()
    {
        var text = new string('a', 100);
        Assert.Equal(
            $"{{\n  plain = \"{text}\";\n  \"quoted name\" =\n    \"{text}\";\n}}",
            NixLiteral.Write(new Dictionary<string, object?> { ["plain"] = text, ["quoted name"] = text }));
    }

    [Theory]
    [InlineData("b2", "b2")]
    [InlineData("a-b_c'", "a-b_c'")]
    [InlineData("3rd", "\"3rd\"")]
    [InlineData("or", "\"or\"")]
    [InlineData("inherit", "\"inherit\"")]
    [InlineData("a.b", "\"a.b\"")]
    [InlineData("", "\"\"")]
    [InlineData("${x}", "\"\\${x}\"")]
    public void Names_are_quoted_where_they_must_be(string name, string written) => Assert.Equal(written, NixName.Write(name));

    [Theory]
    [InlineData("a\nb", "a b")]
    [InlineData("end \r\n", "end")]
    [InlineData("a\u2028b\u0085c", "a b c")]
    public void A_comment_stays_on_its_line(string text, string written) => Assert.Equal(written, NixComment.Write(text));

    // The same on every run, so that a failure can be looked at again.
    private static T Some<T>(Gen<T> values) => values.Generate(new PCG(1), null, out _);

    private static void AssertSame(object? expected, JsonElement actual)
    {
        switch (expected)
        {
            case null:
                Assert.Equal(JsonValueKind.Null, actual.ValueKind);
                break;
            case string text:
                Assert.Equal(text, actual.GetString());
                break;
            case bool flag:
                Assert.Equal(flag, actual.GetBoolean());
                break;
            case int number:
                Assert.Equal(number, actual.GetInt32());
                break;
            case object?[] items:
                Assert.Equal(items.Length, actual.GetArrayLength());
                foreach (var (item, read) in items.Zip(actual.EnumerateArray()))
                    AssertSame(item, read);
                break;
            case Dictionary<string, object?> members:
                Assert.Equal(members.Count, actual.EnumerateObject().Count());
                foreach (var (name, member) in members)
                    AssertSame(member, actual.GetProperty(name));
                break;
            default:
                Assert.Fail(expected.GetType().Name);
                break;
        }
    }
}
