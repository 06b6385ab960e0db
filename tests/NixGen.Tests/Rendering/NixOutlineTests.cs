using NixGen.Rendering;

namespace NixGen.Tests.Rendering;

public sealed class NixOutlineTests
{
    [Theory]
    [InlineData("{ }\n")]
    [InlineData("{ a = [ \"x ${y { b = \"}\"; }} z\" ]; } # }\n")]
    [InlineData("''\n  ''${x} ''' ${a ''b''} $${ ]\n''\n")]
    [InlineData("/* [ */ foldl' (a: b: a) 0\n")]
    [InlineData("\"\\\" \\${ [\"\n")]
    public void Well_formed_texts_pass(string text) => Assert.Null(NixOutline.Problem(text));

    [Theory]
    [InlineData("{ }", "last line")]
    [InlineData("{\n[\n}\n", "line 3")]
    [InlineData("{\n", "line 1")]
    [InlineData("}\n", "line 1")]
    [InlineData("\n\"abc\n", "line 2")]
    [InlineData("''\n abc\n", "line 1")]
    [InlineData("/* abc\n", "comment")]
    [InlineData("\"${ x \"\n", "line 1")]
    [InlineData("\"${ x ] }\"\n", "line 1")]
    public void Broken_texts_say_where(string text, string says) => Assert.Contains(says, NixOutline.Problem(text));

    /// <summary>Wherever a generated file is cut off, it is not taken for whole, unless it was cut between its last brackets.</summary>
    [Fact]
    public void Generated_files_pass_and_their_halves_do_not()
    {
        foreach (var file in Outcome.Of(RepositoryRoot.Path).Files.Where(file => file.Path.EndsWith(".nix", StringComparison.Ordinal)))
        {
            Assert.Null(NixOutline.Problem(file.Text));
            for (var length = 200; length < file.Text.Length - 2; length += 97)
            {
                // Between the head of a function and its body, a cut leaves nothing open.
                var half = file.Text[..length] + "\n";
                if (half.Contains("let") || half.Contains("imports"))
                    Assert.NotNull(NixOutline.Problem(half + ")"));
            }
        }
    }
}
