namespace NixGen.Tests.Shell;

/// <summary>The same unit where the host has the secrets in files, which systemd hands over as credentials.</summary>
public class FileSecretsTests
{
    [ToolFact(Nix.Program, "bash", "cmp")]
    public void The_set_holds_what_the_files_hold()
    {
        using var machine = Cold();
        var result = machine.Fetch().Succeeded();
        Assert.Equal(("cold-b2: secrets fetched\n", ""), (result.Output, result.Error));
        Assert.Equal("B2_ACCOUNT_ID=\"the id\"\nB2_ACCOUNT_KEY=\"\\$key\"\n", machine.Get("env"));
        Assert.Equal("password", machine.Get("RESTIC_PASSWORD"));
        // A name with - is none for a variable.
        Assert.Equal(["cold_b2_B2_ACCOUNT_ID", "cold_b2_B2_ACCOUNT_KEY", "cold_b2_RESTIC_PASSWORD"], machine.Source("run/current/prefixed-env").Keys.Order());
        machine.AssertNothingLeft();
        machine.AssertNothingLeaks(result);
    }

    [ToolFact(Nix.Program, "bash", "cmp", "openssl", "jq", "mkpasswd")]
    public void A_destination_whose_name_begins_with_a_digit_has_variables_that_can_be_read()
    {
        var scripts = GeneratedScripts.Generate(Inventories.Workshop.Replace("cold-b2", "2nd-b2"), "workshop");
        using var machine = new SecretsMachine(scripts, "homelab-secrets-2nd-b2");
        foreach (var name in new[] { "B2_ACCOUNT_ID", "B2_ACCOUNT_KEY", "RESTIC_PASSWORD" })
            machine.Credential(name, "value");
        machine.Fetch().Succeeded();
        string[] names = ["_2nd_b2_B2_ACCOUNT_ID", "_2nd_b2_B2_ACCOUNT_KEY", "_2nd_b2_RESTIC_PASSWORD"];
        Assert.Equal(names, machine.Source("run/current/prefixed-env").Keys.Order(StringComparer.Ordinal));

        // Backrest asks for the same.
        using var backrest = new BackrestMachine(scripts);
        backrest.Render("password").Succeeded();
        Assert.All(names, name => Assert.Contains($"=${{{name}}}", File.ReadAllText(backrest.Rendered("config.json"))));
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void Each_file_is_the_credential_that_the_script_reads() => Assert.Equal(
        ["B2_ACCOUNT_ID:/etc/secrets/b2 id", "B2_ACCOUNT_KEY:/etc/secrets/b2-key", "RESTIC_PASSWORD:/etc/secrets/cold"],
        GeneratedScripts.Workshop.Units["homelab-secrets-cold-b2"].Credentials);

    [ToolTheory(Nix.Program, "bash", "cmp")]
    [InlineData("password\n", "password")]
    [InlineData("password\n\n", "password")]
    [InlineData("pass  word", "pass  word")]
    [InlineData("-n", "-n")]
    [InlineData("\\c%s", "\\c%s")]
    public void Line_breaks_at_the_end_do_not_count(string text, string password)
    {
        using var machine = Cold();
        machine.Credential("RESTIC_PASSWORD", text);
        machine.Fetch().Succeeded();
        Assert.Equal(password, machine.Get("RESTIC_PASSWORD"));
    }

    [ToolTheory(Nix.Program, "bash", "cmp")]
    [InlineData("pass\nword\n", "control character in RESTIC_PASSWORD")]
    [InlineData("password\r\n", "control character in RESTIC_PASSWORD")]
    [InlineData("p\0a\0s\0s\0", "control character in RESTIC_PASSWORD")]
    [InlineData("", "empty answer for RESTIC_PASSWORD")]
    [InlineData("\n\n", "empty answer for RESTIC_PASSWORD")]
    [InlineData(" password", "blank at the beginning or end of RESTIC_PASSWORD")]
    [InlineData("password \n", "blank at the beginning or end of RESTIC_PASSWORD")]
    [InlineData(null, "")]
    public void What_cannot_be_handed_on_unchanged_is_refused(string? text, string reason)
    {
        using var machine = Cold();
        if (text is null)
            File.Delete(machine.At("credentials", "RESTIC_PASSWORD"));
        else
            machine.Credential("RESTIC_PASSWORD", text);
        var result = machine.Fetch();
        Assert.Equal((1, false), (result.ExitCode, machine.HasSet));
        Assert.Contains(reason, result.Error);
        machine.AssertNothingLeaks(result);
        Assert.Empty(Directory.GetFileSystemEntries(machine.At("run")));

        // With a set, that one stays.
        machine.Credential("RESTIC_PASSWORD", "good");
        machine.Fetch().Succeeded();
        machine.Credential("RESTIC_PASSWORD", text ?? "");
        machine.Fetch().Succeeded();
        Assert.Equal("good", machine.Get("RESTIC_PASSWORD"));
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_blank_at_an_end_is_refused_for_the_password_of_a_repository_alone()
    {
        using var machine = Cold();
        machine.Credential("B2_ACCOUNT_KEY", " key ");
        machine.Fetch().Succeeded();
        Assert.Equal(" key "u8.ToArray(), machine.Source("run/current/env")["B2_ACCOUNT_KEY"]);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void Files_are_read_each_time_and_backrest_restarted_when_one_changed()
    {
        using var machine = Cold();
        machine.Fetch().Succeeded();
        machine.Fetch().Succeeded();
        Assert.Single(machine.Lines("systemctl"));
        machine.Credential("B2_ACCOUNT_KEY", "another");
        Assert.Equal("cold-b2: secrets fetched\n", machine.Fetch().Succeeded().Output);
        Assert.Contains("B2_ACCOUNT_KEY=\"another\"\n", machine.Get("env"));
        Assert.Equal(2, machine.Lines("systemctl").Length);
        machine.AssertNothingLeft();
    }

    private static SecretsMachine Cold()
    {
        var machine = new SecretsMachine(GeneratedScripts.Workshop, "homelab-secrets-cold-b2");
        machine.Credential("B2_ACCOUNT_ID", "the id\n");
        machine.Credential("B2_ACCOUNT_KEY", "$key");
        machine.Credential("RESTIC_PASSWORD", "password");
        return machine;
    }
}
