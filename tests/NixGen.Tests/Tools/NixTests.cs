namespace NixGen.Tests.Tools;

public class NixTests
{
    [ToolFact(Nix.Program)]
    public void An_expression_gives_its_value_as_json()
    {
        var value = Nix.EvaluateJson("let x = 1; in { a = [ x \"ü\\n\" null ]; b.c = true; }");
        Assert.Equal("""{"a":[1,"ü\n",null],"b":{"c":true}}""", value.GetRawText());
    }

    [ToolFact(Nix.Program)]
    public void Many_expressions_give_one_value_each()
    {
        var values = Nix.EvaluateJson(["1 # a comment", "let a = 2; in a", "[ 3 ]"]);
        Assert.Equal(["1", "2", "[3]"], values.Select(value => value.GetRawText()));
    }

    [ToolFact(Nix.Program)]
    public void The_failing_one_of_many_is_named()
    {
        var exception = Assert.Throws<NixException>(() => Nix.EvaluateJson(["1", "throw \"no way\"", "1) (2"]));
        Assert.StartsWith("2 of 3 failed\nexpression 1: throw", exception.Message);
        Assert.Contains("no way", exception.Message);
        Assert.Contains("expression 2: 1) (2", exception.Message);
    }

    [ToolFact(Nix.Program)]
    public void A_failure_half_way_is_a_failure()
    {
        // Nix 2.8 has written the first attribute when the second fails.
        var exception = Assert.Throws<NixException>(() => Nix.EvaluateJson("{ a = 1; b = throw \"half way\"; }"));
        Assert.Contains("half way", exception.Message);
    }

    [ToolFact(Nix.Program)]
    public void A_file_is_evaluated_with_arguments()
    {
        using var folder = new TemporaryFolder();
        folder.Write("other.nix", "{ one = 1; }");
        var file = folder.Write("default.nix", "{ add, ... }: (import ./other.nix).one + add");
        Assert.Equal(3, Nix.EvaluateFile(file, new Dictionary<string, string> { ["add"] = "2" }).GetInt32());
        Assert.Equal(1, Nix.EvaluateJson("(import ./other.nix).one", folder.Path).GetInt32());
    }

    [ToolFact(Nix.Program)]
    public void Syntax_is_checked_without_evaluating()
    {
        using var folder = new TemporaryFolder();
        var good = folder.Write("good.nix", "{ config, ... }: { a = throw \"never\"; }");
        var bad = folder.Write("bad.nix", "{ a = 1 }");
        Nix.Parse(good, good);
        Assert.Contains("bad.nix", Assert.Throws<NixException>(() => Nix.Parse(good, bad)).Message);
    }

    [ToolFact(Nix.Program)]
    public void Long_expressions_fit()
    {
        var text = new string('x', 500_000);
        Assert.Equal(text, Nix.EvaluateJson($"\"{text}\"").GetString());
    }
}
