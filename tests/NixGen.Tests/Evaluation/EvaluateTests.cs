namespace NixGen.Tests.Evaluation;

/// <summary>
/// The test double of the module system does what the module system of NixOS does; each case was compared with it.
/// </summary>
public sealed class EvaluateTests
{
    [ToolFact(Nix.Program)]
    public void Lists_are_joined_in_breadth_first_order_and_by_priority()
    {
        using var folder = new TemporaryFolder();
        folder.Write("default.nix", "{ imports = [ ./b.nix ./c.nix ]; systemd.services.x.after = [ \"a.service\" ]; }");
        folder.Write("b.nix", "{ imports = [ ./d.nix ]; systemd.services.x.after = [ \"b.service\" ]; }");
        folder.Write("c.nix", "{ lib, ... }: { systemd.services.x.after = lib.mkAfter [ \"c.service\" ]; }");
        folder.Write(
            "d.nix",
            """
            { lib, ... }:
            { systemd.services.x = lib.mkIf true { after = lib.mkMerge [ [ "d.service" ] (lib.mkBefore [ "e.service" ]) ]; }; }
            """);
        Assert.Equal(["e.service", "a.service", "b.service", "d.service", "c.service"], After(folder.Path));
    }

    [ToolTheory(Nix.Program)]
    [InlineData("{ systemd.services.x.afterr = [ ]; }", "`systemd.services.x.afterr' does not exist")]
    [InlineData("{ services.resticc = { }; }", "`services.resticc' does not exist")]
    [InlineData("{ systemd.services.x.after = \"a.service\"; }", "not of type `list of string'")]
    [InlineData("{ imports = [ { users.users.a.b = 1; } { users.users.a.b = 2; } ]; }", "conflicting")]
    [InlineData("{ imports = [ { nixpkgs.config.a = 1; } { nixpkgs.config.a = 2; } ]; }", "conflicting")]
    [InlineData("{ options = { }; systemd.services = { }; }", "unsupported attribute `systemd'")]
    [InlineData("{ lib, ... }: { systemd.services.x.after = lib.mkThis [ ]; }", "attribute 'mkThis' missing")]
    [InlineData("{ lib, ... }: { options.a = lib.mkOption { type = lib.types.str; }; }", "`a' was accessed but has no value")]
    public void What_NixOS_refuses_is_refused(string module, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(message, Assert.Throws<NixException>(() => Evaluate(folder.Write("default.nix", module))).Message);
    }

    [ToolFact(Nix.Program)]
    public void The_stronger_definition_counts_and_equal_ones_agree()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "default.nix",
            """
            { lib, ... }:
            {
              imports = [ { systemd.services.x.description = "weak"; systemd.services.x.serviceConfig.A = 1; } ];
              systemd.services.x = {
                description = lib.mkForce "strong";
                serviceConfig.A = 1;
                serviceConfig.B = lib.mkDefault 2;
                after = lib.mkIf false [ "x.service" ];
              };
              systemd.services.y = lib.mkIf false { };
            }
            """);
        var services = Evaluate(file).GetProperty("config").GetProperty("systemd").GetProperty("services");
        Assert.False(services.TryGetProperty("y", out _));
        var service = services.GetProperty("x");
        Assert.Equal("strong", service.GetProperty("description").GetString());
        Assert.Equal("""{"A":1,"B":2}""", service.GetProperty("serviceConfig").GetRawText());
        Assert.Equal("[]", service.GetProperty("after").GetRawText());
    }

    [ToolFact(Nix.Program)]
    public void A_setting_with_a_list_takes_all_values()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "default.nix",
            """
            { lib, ... }:
            {
              imports = [ { systemd.services.x.serviceConfig.ExecStart = [ "/two" "/three" ]; } ];
              systemd.services.x.serviceConfig.ExecStart = "/one";
            }
            """);
        Assert.Contains(
            "ExecStart=/one\nExecStart=/two\nExecStart=/three\n",
            Evaluate(file).GetProperty("units").GetProperty("x.service").GetString());
    }

    private static System.Text.Json.JsonElement Evaluate(string module) => Nix.EvaluateJson(Hosts.Expression(module));

    private static IEnumerable<string?> After(string module) => Evaluate(module)
        .GetProperty("config").GetProperty("systemd").GetProperty("services").GetProperty("x").GetProperty("after")
        .EnumerateArray().Select(unit => unit.GetString());
}
