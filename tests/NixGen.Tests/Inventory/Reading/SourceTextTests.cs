using System.Text;
using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("a: b\n"), InlineData("a: café 😀\n"), InlineData("")]
    public void Reads_UTF8_with_and_without_a_byte_order_mark(string text)
    {
        Assert.Equal((text, ""), Decode(Encoding.UTF8.GetBytes(text)));
        Assert.Equal((text, ""), Decode([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]));
    }

    [Theory]
    [InlineData("613A206261FF", "NG1008 1:6")] // a byte that is never UTF-8
    [InlineData("613A20C3A9E90A", "NG1008 1:5")] // Latin-1 after an é of two bytes
    [InlineData("613A20F09F98800A623A20C0AF", "NG1008 2:4")] // an overlong slash
    [InlineData("613A0D0A20EDA080", "NG1008 2:2")] // half of a surrogate pair
    [InlineData("613A20C3", "NG1008 1:4")] // cut off in a character
    [InlineData("613A200062", "NG1008 1:4")] // NUL
    [InlineData("610A0A20000AFF", "NG1008 3:2")] // NUL first, then a bad byte
    [InlineData("EFBBBF613A20FF", "NG1008 1:4")] // the mark has no column
    public void Bad_bytes_are_reported_where_they_stand(string bytes, string expected) =>
        Assert.Equal((null, expected), Decode(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("utf-16", true), InlineData("utf-16BE", true), InlineData("utf-16", false), InlineData("utf-16BE", false), InlineData("utf-32", true), InlineData("utf-32BE", true)]
    public void UTF16_and_UTF32_are_named(string encoding, bool mark)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes((mark ? "\ufeff" : "") + "a: b\n");

        Assert.Equal((null, "NG1008 1:1"), Decode(bytes));
    }

    private static (string?, string) Decode(byte[] bytes)
    {
        var findings = new FindingList();
        return (SourceText.Decode(bytes, new FileFindings("f.yaml", findings)), Yaml.Show(findings));
    }
}
