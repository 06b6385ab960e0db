using NixGen.Tests.Publishing;

namespace NixGen.Tests.Shell;

/// <summary>The secrets script where the memory that holds the sets has room for less and less of one.</summary>
public class FullDiskTests
{
    private const string Item = "op://Homelab/Backblaze - javiersc - Applycation key/";

    [Needs("mount", "unshare", "nix-instantiate", "bash", "cmp")]
    public void Without_room_for_a_whole_set_the_one_before_stays_in_use()
    {
        using var machine = new SecretsMachine(GeneratedScripts.Homelab, "homelab-secrets-b2");
        foreach (var password in new[] { "old", "new" })
        {
            // Larger than a page, so that a file can be cut in the middle.
            machine.Answer(Item + "keyID", $"{password}-id");
            machine.Answer(Item + "credential", $"{password}-key");
            machine.Answer(Item + "restic password", password + new string('x', 6000));
            machine.Fetch().Succeeded();
            machine.MakeOlder(TimeSpan.FromDays(1));
            machine.Execute(["cp", "-rT", machine.At("run", "current") + "/", machine.At("expected-" + password)]).Succeeded();
        }

        File.Delete(machine.At("path", "timeout"));
        File.CreateSymbolicLink(machine.At("path", "timeout"), Tool.Require("timeout"));
        machine.Write("driver", Driver);
        var result = ToolProcess.Run(
            "unshare",
            ["--mount", Machine.Bash, machine.At("driver"), machine.At("."), machine.At("scripts", "homelab-secrets-b2")],
            environment: new Dictionary<string, string?>
            {
                ["NIXGEN_PATH"] = machine.At("path"),
                ["RUNTIME_DIRECTORY"] = machine.At("run"),
                ["CREDENTIALS_DIRECTORY"] = machine.At("credentials"),
            }).Succeeded();
        machine.AssertNothingLeaks(result);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.Contains("broken") || line.Contains("left"));
        // Too little room, and enough of it, by bytes and by number of files, with an earlier set and without one.
        foreach (var (limit, before) in from limit in new[] { "size", "files" } from before in new[] { "none", "old" } select (limit, before))
        {
            Assert.Contains(lines, line => line.StartsWith($"{limit} {before} ") && line.EndsWith($" {before}"));
            Assert.Contains(lines, line => line.StartsWith($"{limit} {before} ") && line.EndsWith(" 0 new"));
        }

        Assert.DoesNotContain(lines, line => line.EndsWith(" 0 none"));
        Assert.True(lines.Length > 40, result.Output);
    }

    private const string Driver = """
        cd "$1" || exit
        holds() {
          local file
          for file in env prefixed-env RESTIC_PASSWORD wanted; do cmp --silent "run/current/$file" "expected-$1/$file" || return; done
          [[ -s run/current/fetched-at ]]
        }
        fetch() { PATH=$NIXGEN_PATH "$BASH" "$script" >>out 2>&1; }
        script=$2
        attempt() { # size or files, none or old, options of mount
          local code=0 state=broken
          mount -t tmpfs -o "mode=0700,size=1m" tmpfs run || exit
          if [[ $2 == old ]]; then
            cp -rT expected-old run/generation.1
            ln -s generation.1 run/current
            echo 0 >run/current/fetched-at
          fi
          # Less than is in use already is refused.
          if mount -o "remount,$3" run 2>/dev/null; then
            fetch || code=$?
            if [[ ! -e run/current ]]; then state=none; elif holds old; then state=old; elif holds new; then state=new; fi
            mount -o remount,size=1m,nr_inodes=1000 run
            find run -type f ! -name backrest-must-restart ! -path "run/$(readlink run/current)/*" | sed 's/^/left /'
            echo "$1 $2 $3 $code $state"
          fi
          umount run
        }
        for ((n = 1; n <= 12; n++)); do
          attempt size none "size=$((n * 4))k"
          attempt size old "size=$((n * 4 + 28))k"
          attempt files none "nr_inodes=$n"
          attempt files old "nr_inodes=$((n + 8))"
        done
        """;
}
