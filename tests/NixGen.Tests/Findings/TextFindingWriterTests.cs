using NixGen.Findings;

namespace NixGen.Tests.Findings;

public sealed class TextFindingWriterTests
{
    [Fact]
    public void What_is_to_be_done_about_several_in_a_row_is_said_once()
    {
        using var output = new StringWriter();
        FindingWriter.Text(color: false).Write(output,
        [
            new Finding(Codes.UnknownKey, new SourceSpan("a.yaml", 1, 1), "one", "Mend it."),
            new Finding(Codes.UnknownKey, new SourceSpan("a.yaml", 2, 1), "two", "Mend it."),
            new Finding(Codes.UnknownKey, new SourceSpan("a.yaml", 3, 1), "three", "Mend it\notherwise."),
            new Finding(Codes.BadValue, new SourceSpan("a.yaml", 4, 1), "four", "Mend it."),
            new Finding(Codes.UnknownKey, null, "five", "Mend it."),
        ]);
        Assert.Equal(
            """
            a.yaml:1:1: error NG1003: one
            a.yaml:2:1: error NG1003: two
                Mend it.
            a.yaml:3:1: error NG1003: three
                Mend it
                otherwise.
            a.yaml:4:1: error NG1017: four
                Mend it.
            error NG1003: five
                Mend it.

            """,
            output.ToString());
    }
}
