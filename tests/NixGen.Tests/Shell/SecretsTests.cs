using System.Globalization;

namespace NixGen.Tests.Shell;

/// <summary>The unit that fetches secrets from 1Password, with an <c>op</c> that can fail in every way.</summary>
public class SecretsTests
{
    private const string Item = "op://Homelab/Backblaze - javiersc - Applycation key/";
    private const string WebPassword = "op://Homelab/Backrest/password";

    // Each of them hurts somewhere: in a shell, in systemd, in a log.
    private const string KeyId = " 00\"3$HOME`id`\\";
    private const string Key = "K003#'$(id) ü %n;";
    private const string Password = "\\correct \"horse\" $x battery ` staple\\";

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void The_first_run_makes_a_whole_set()
    {
        using var machine = B2();
        var result = machine.Fetch().Succeeded();

        Assert.Equal("b2: secrets fetched\n", result.Output);
        Assert.Equal("", result.Error);
        AssertFirst(machine);
        Assert.Equal(
            ["RESTIC_PASSWORD", "env", "fetched-at", "prefixed-env", "wanted"],
            Directory.GetFiles(machine.At("run", "current")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in new[] { "env", "prefixed-env", "RESTIC_PASSWORD" })
            Assert.Equal("0400", machine.Mode("run", "current", file));
        Assert.Equal("0700", machine.Mode("run", "current"));
        machine.AssertNothingLeft();
        machine.AssertNothingLeaks(result);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void Both_environment_files_read_back_the_values()
    {
        using var machine = B2();
        machine.Fetch().Succeeded();
        var plain = machine.Source("run/current/env").ToDictionary(pair => pair.Key, pair => System.Text.Encoding.UTF8.GetString(pair.Value));
        var prefixed = machine.Source("run/current/prefixed-env").ToDictionary(pair => pair.Key, pair => System.Text.Encoding.UTF8.GetString(pair.Value));
        Assert.Equal(new() { ["B2_ACCOUNT_ID"] = KeyId, ["B2_ACCOUNT_KEY"] = Key }, plain);
        Assert.Equal(new() { ["b2_B2_ACCOUNT_ID"] = KeyId, ["b2_B2_ACCOUNT_KEY"] = Key, ["b2_RESTIC_PASSWORD"] = Password }, prefixed);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void The_program_is_called_as_it_must_be()
    {
        using var machine = B2();
        // A unit can inherit these from the manager.
        machine.Fetch([("OP_CONNECT_HOST", "http://elsewhere"), ("OP_CONNECT_TOKEN", "other"), ("OP_CACHE", "true"), ("HOME", "/root")]).Succeeded();
        string[] references = ["keyID", "credential", "restic password"];
        Assert.Equal(references.Select(field => $"read --no-newline {Item}{field}"), machine.Lines("op/argv"));
        Assert.Equal(
            ["token=good home=good cache=false host=none connect=none"],
            machine.Lines("op/environment").Distinct());
        Assert.Equal(3, machine.Lines("timeouts").Length);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void The_token_is_given_to_op_alone()
    {
        using var machine = B2();
        machine.WrapPath();
        var result = machine.Fetch(machine.Wrapped).Succeeded();
        // What starts op must pass the token on.
        Assert.Equal(["timeout"], machine.WithToken);
        Assert.Contains("cmp --silent", machine.Read("argv"));
        machine.AssertNothingLeaks(result);
    }

    [ToolTheory(Nix.Program, "bash", "cmp")]
    [InlineData("network")]
    [InlineData("rate-limit")]
    [InlineData("hang")]
    [InlineData("empty")]
    [InlineData("partial")]
    [InlineData("call-1")]
    [InlineData("call-2")]
    [InlineData("call-3")]
    [InlineData("field-credential")]
    [InlineData("tab")]
    [InlineData("lines")]
    [InlineData("return")]
    [InlineData("nul")]
    [InlineData("escape")]
    [InlineData("latin-1")]
    public void A_fault_gives_no_part_of_a_set_and_keeps_the_last_good_one(string fault)
    {
        using var machine = B2();
        machine.Fault(fault);
        var without = machine.Fetch();
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("<3>b2: no answer for the secrets, and there is no earlier set\n", without.Error);
        Assert.Empty(Directory.GetFileSystemEntries(machine.At("run")));
        Assert.Equal(["1", "2", "4"], machine.Lines("sleeps"));
        machine.AssertNothingLeaks(without);

        machine.Fault("none");
        var good = machine.Fetch().Succeeded();
        machine.MakeOlder(TimeSpan.FromHours(13));
        var before = machine.Set;

        machine.Fault(fault);
        Answers(machine, "changed ");
        var with = machine.Fetch().Succeeded();
        Assert.Matches("(^|\n)<4>b2: no answer for the secrets, keeping those fetched 468[0-9]{2} seconds ago\n$", with.Error);
        Assert.Equal(before, machine.Set);
        machine.AssertNothingLeft();

        // Eight days without an answer are an error in the journal, and still no reason to lose a backup.
        machine.MakeOlder(TimeSpan.FromDays(8));
        Assert.Matches("(^|\n)<3>b2: no answer for the secrets, keeping those", machine.Fetch().Succeeded().Error);
        machine.AssertNothingLeaks(good, with);
        Assert.Empty(machine.Lines("systemctl").Skip(1));
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void One_failure_is_made_good_by_the_next_attempt()
    {
        using var machine = B2();
        machine.Fault("once");
        machine.Fetch().Succeeded();
        Assert.Equal(["1"], machine.Lines("sleeps"));
        AssertFirst(machine);
        machine.AssertNothingLeft();
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void Half_an_attempt_leaves_nothing_in_the_next_one()
    {
        using var machine = B2();
        // The first attempt writes two values before the third fails.
        machine.Fault("field-restic password");
        machine.Fetch();
        machine.Stub("path/sleep", "printf none >$machine/op/fault");
        machine.Fetch().Succeeded();
        AssertFirst(machine);
        Assert.Equal(2, machine.Lines("run/current/env").Length);
        Assert.Equal(3, machine.Lines("run/current/prefixed-env").Length);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_set_is_fresh_for_twelve_hours()
    {
        using var machine = B2();
        machine.Fetch().Succeeded();
        Answers(machine, "changed ");
        var before = machine.Set;

        machine.MakeOlder(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1));
        Assert.Equal("b2: the secrets are fresh\n", machine.Fetch().Succeeded().Output);
        Assert.Equal((3, before), (machine.Calls, machine.Set));

        machine.MakeOlder(TimeSpan.FromHours(12));
        Assert.Equal("b2: secrets fetched\n", machine.Fetch().Succeeded().Output);
        Assert.Equal(6, machine.Calls);
        Assert.Equal("changed " + Password, machine.Get("RESTIC_PASSWORD"));
        machine.AssertNothingLeft();
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_clock_that_was_set_back_makes_no_set_fresh()
    {
        using var machine = B2();
        machine.Fetch().Succeeded();
        machine.MakeOlder(TimeSpan.FromDays(-400));
        machine.Fetch().Succeeded();
        Assert.Equal(6, machine.Calls);

        machine.MakeOlder(TimeSpan.FromDays(-400));
        machine.Fault("network");
        Assert.Contains("<4>b2: no answer for the secrets, keeping those", machine.Fetch().Succeeded().Error);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_changed_reference_is_fetched_at_once()
    {
        var changed = File.ReadAllText(RepositoryRoot.At("inventory.yaml")).Replace("B2_ACCOUNT_KEY: credential", "B2_ACCOUNT_KEY: new key");
        using var machine = B2();
        using var later = new SecretsMachine(GeneratedScripts.Generate(changed, "homelab"), "homelab-secrets-b2");
        Answers(later, "");
        later.Answer(Item + "new key", "new");
        machine.Fetch().Succeeded();
        foreach (var entry in Directory.GetFileSystemEntries(machine.At("run")))
            ToolProcess.Run("cp", ["-a", entry, later.At("run")]).Succeeded();

        Assert.Equal("b2: secrets fetched\n", later.Fetch().Succeeded().Output);
        Assert.Contains("B2_ACCOUNT_KEY=\"new\"\n", later.Get("env"));
        later.AssertNothingLeft();
        Assert.Equal("b2: the secrets are fresh\n", later.Fetch().Succeeded().Output);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void Backrest_is_restarted_exactly_when_a_value_changed()
    {
        using var machine = B2();
        const string restart = "--no-block try-restart backrest.service";
        machine.Fetch().Succeeded();
        Assert.Equal([restart], machine.Lines("systemctl"));

        Again("the same");
        Assert.Equal([restart], machine.Lines("systemctl"));

        Answers(machine, "changed ");
        machine.Fault("network");
        Again("no answer");
        Assert.Equal([restart], machine.Lines("systemctl"));

        machine.Fault("none");
        Again("changed");
        Assert.Equal([restart, restart], machine.Lines("systemctl"));

        void Again(string what)
        {
            machine.MakeOlder(TimeSpan.FromDays(1));
            Assert.True(machine.Fetch().ExitCode == 0, what);
        }
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_restart_that_did_not_happen_is_made_up_for()
    {
        using var machine = B2();
        machine.Write("systemctl-fails", "");
        var result = machine.Fetch().Succeeded();
        Assert.Contains("<4>b2: backrest was not told", result.Error);
        File.Delete(machine.At("systemctl-fails"));
        Assert.Equal("b2: the secrets are fresh\n", machine.Fetch().Succeeded().Output);
        Assert.Equal(2, machine.Lines("systemctl").Length);
        machine.Fetch().Succeeded();
        Assert.Equal(2, machine.Lines("systemctl").Length);
        machine.AssertNothingLeft();
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_changed_repository_password_is_pointed_out()
    {
        using var machine = B2();
        const string warning = "the repository password changed";
        Assert.DoesNotContain(warning, machine.Fetch().Succeeded().Error);
        machine.MakeOlder(TimeSpan.FromDays(1));
        machine.Answer(Item + "credential", "another key");
        Assert.DoesNotContain(warning, machine.Fetch().Succeeded().Error);
        machine.MakeOlder(TimeSpan.FromDays(1));
        machine.Answer(Item + "restic password", "another password");
        var result = machine.Fetch().Succeeded();
        Assert.Contains($"<4>b2: {warning}", result.Error);
        machine.AssertNothingLeaks(result);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void The_password_of_the_web_interface_is_a_set_of_its_own()
    {
        using var machine = new SecretsMachine(GeneratedScripts.Homelab, "homelab-secrets-backrest");
        machine.Answer(WebPassword, Password);
        var result = machine.Fetch().Succeeded();
        Assert.Equal([$"read --no-newline {WebPassword}"], machine.Lines("op/argv"));
        Assert.Equal((Password, ""), (machine.Get("BACKREST_PASSWORD"), machine.Get("env")));
        machine.AssertNothingLeaks(result);
    }

    [ToolFact(Nix.Program, "bash", "cmp")]
    public void A_missing_token_changes_nothing()
    {
        using var machine = B2();
        machine.Fetch().Succeeded();
        machine.MakeOlder(TimeSpan.FromDays(1));
        var before = machine.Set;
        File.Delete(machine.At("credentials", "op-token"));
        Assert.NotEqual(0, machine.Fetch().ExitCode);
        Assert.Equal((3, before), (machine.Calls, machine.Set));
        machine.AssertNothingLeft();
    }

    [ToolFact(Nix.Program, "bash", "cmp", "timeout")]
    public void Killed_at_any_moment_there_is_a_whole_set_or_none()
    {
        const int kills = 120;
        using var machine = B2();
        // As on a real machine: what they stand for, itself.
        foreach (var program in new[] { "timeout", "sleep" })
        {
            File.Delete(machine.At("path", program));
            File.CreateSymbolicLink(machine.At("path", program), Tool.Require(program));
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        machine.Fetch().Succeeded();
        var whole = clock.Elapsed.TotalSeconds;
        var random = new Random(20260101);
        var (killed, generations) = (0, new HashSet<string>());
        for (var run = 0; killed < kills; run++)
        {
            Assert.True(run < 4 * kills, $"only {killed} of {run} runs could be killed");
            if (run % 20 == 0)
            {
                // As after a boot.
                Directory.Delete(machine.At("run"), recursive: true);
                Directory.CreateDirectory(machine.At("run"));
            }

            if (machine.HasSet)
                machine.MakeOlder(TimeSpan.FromDays(1));
            Answers(machine, $"{run}:");
            var delay = (random.NextDouble() * whole).ToString("0.0000", CultureInfo.InvariantCulture);
            var result = machine.Fetch(through: ["timeout", "--signal=KILL", delay]);
            // However busy the machine is: about four runs of five are killed.
            whole *= result.ExitCode == 137 ? 1.02 : 0.92;
            killed += result.ExitCode == 137 ? 1 : 0;
            if (machine.HasSet)
                generations.Add(AssertWhole(machine));
            if (run % 10 == 9)
            {
                if (machine.HasSet)
                    machine.MakeOlder(TimeSpan.FromDays(1));
                machine.Fetch().Succeeded();
                Assert.Equal($"{run}:", AssertWhole(machine));
                machine.AssertNothingLeft();
            }
        }

        // Otherwise the moments were not where something happens.
        Assert.True(generations.Count > 5, $"{generations.Count} sets");
    }

    [ToolFact(Nix.Program, "bash", "cmp", "setsid")]
    public void Killed_before_and_after_each_program_it_calls_there_is_a_whole_set_or_none()
    {
        using var machine = B2();
        machine.WrapPath();
        machine.Fetch().Succeeded();
        machine.MakeOlder(TimeSpan.FromDays(1));
        Answers(machine, "0:");
        machine.Fetch(machine.Wrapped).Succeeded();
        var steps = machine.TakeCount();
        Assert.True(steps > 10, $"{steps} programs");

        for (var step = 1; step <= steps; step++)
        {
            foreach (var moment in new[] { "before", "after" })
            {
                machine.MakeOlder(TimeSpan.FromDays(1));
                var (old, @new) = (AssertWhole(machine), $"{step} {moment}:");
                Answers(machine, @new);
                machine.TakeCount();
                machine.Write("kill", $"{moment} {step}");
                Assert.Equal(137, machine.Fetch(machine.Wrapped, "setsid", "--wait").ExitCode);
                Assert.Contains(AssertWhole(machine), new[] { old, @new });

                // The next run, whether it finds a fresh set or none, leaves no secret behind; and Backrest has heard of the new one.
                File.Delete(machine.At("kill"));
                machine.Fetch().Succeeded();
                Assert.Equal(@new, AssertWhole(machine));
                machine.AssertNothingLeft();
                Assert.True(machine.Read("systemctl").Length > 0, $"{moment} step {step}: backrest was not told");
                File.Delete(machine.At("systemctl"));
            }
        }
    }

    private static SecretsMachine B2()
    {
        var machine = new SecretsMachine(GeneratedScripts.Homelab, "homelab-secrets-b2");
        Answers(machine, "");
        return machine;
    }

    private static void Answers(SecretsMachine machine, string prefix)
    {
        machine.Answer(Item + "keyID", prefix + KeyId);
        machine.Answer(Item + "credential", prefix + Key);
        machine.Answer(Item + "restic password", prefix + Password);
    }

    private static void AssertFirst(SecretsMachine machine)
    {
        Assert.Equal("", AssertWhole(machine));
        Assert.Equal("", machine.Read("run/current/fetched-at").Trim("0123456789\n".ToCharArray()));
    }

    /// <summary>All of a set comes from the same answers; which they were.</summary>
    private static string AssertWhole(SecretsMachine machine)
    {
        var password = machine.Get("RESTIC_PASSWORD");
        Assert.EndsWith(Password, password);
        var prefix = password[..^Password.Length];
        Assert.Equal(
            $"B2_ACCOUNT_ID=\"{prefix} 00\\\"3\\$HOME\\`id\\`\\\\\"\nB2_ACCOUNT_KEY=\"{prefix}K003#'\\$(id) ü %n;\"\n",
            machine.Get("env"));
        Assert.EndsWith(
            $"b2_RESTIC_PASSWORD=\"{prefix}\\\\correct \\\"horse\\\" \\$x battery \\` staple\\\\\"\n",
            machine.Get("prefixed-env"));
        Assert.NotEqual("", machine.Get("wanted"));
        Assert.NotEqual("", machine.Get("fetched-at"));
        return prefix;
    }
}
