using System.Text;
using NixGen.Findings;
using Xunit.Abstractions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// Awkward names go all the way: inventory, Nix, unit, restic, restore. Each comes back as it was, or is refused by <c>nixgen validate</c>;
/// none brings something else, or nothing, without a word.
/// </summary>
public sealed class NameTests(ITestOutputHelper output)
{
    private const string Torture = "/srv/torture";
    private const string Never = "/srv/never";
    private const string Inside = "/srv/inside";

    [EndToEndFact]
    public void An_awkward_name_comes_back_as_it_was_or_is_refused()
    {
        var names = AwkwardName.All;
        Assert.Equal(38, names.Count);
        var refusals = Enumerable.Range(0, names.Count).Select(Refusal).ToList();
        var accepted = Enumerable.Range(0, names.Count).Where(index => refusals[index] is null).ToList();

        using var host = new BackedUpHost(BackedUpHost.Evaluate(Encoding.UTF8.GetString(Inventory(accepted)))["box"]);
        host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", "correct\n");
        Create(host.Root);
        host.Units.Start("restic-backups-disk").Succeeded();
        host.Restic("disk", "restore", "latest", "--target", "/restored").Succeeded();

        // What was declared is there with all that belongs to it, and nothing else is.
        var wrong = new List<string>();
        Assert.Equal(accepted.Select(Folder).Order(), Directory.GetDirectories(host.Root.At("/restored" + Torture)).Select(Path.GetFileName).Order());
        foreach (var index in accepted)
        {
            var original = Tree.List(host.Root, $"{Torture}/{Folder(index)}", 1).Where(line => Belongs(line, names[index])).ToList();
            Assert.Equal(5, original.Count);
            Assert.Equal(2, original.Count(line => line.Contains("user.nixgen.")));
            if (!original.SequenceEqual(Tree.List(host.Root, $"/restored{Torture}/{Folder(index)}", 1)))
                wrong.Add($"backup path with {names[index].What}");
        }

        // What must never be backed up is not there, and everything beside it is.
        foreach (var index in accepted)
        {
            var original = Tree.List(host.Root, $"{Never}/{Folder(index)}", 1).Where(line => !Belongs(line, names[index])).ToList();
            Assert.True(original.Count > 1);
            if (!original.SequenceEqual(Tree.List(host.Root, $"/restored{Never}/{Folder(index)}", 1)))
                wrong.Add($"neverBackUp with {names[index].What}");
        }

        // Names below a backup path are nobody's business; here are all of them.
        var inside = Tree.List(host.Root, Inside);
        Assert.True(inside.Count > names.Count);
        Assert.Equal(inside, Tree.List(host.Root, "/restored" + Inside));

        var refused = refusals.Where(refusal => refusal is not null).ToList();
        output.WriteLine($"{names.Count} names tried, {accepted.Count} right, {refused.Count} refused, {wrong.Count} wrong");
        foreach (var (name, refusal) in names.Zip(refusals).Where(pair => pair.Second is not null))
            output.WriteLine($"refused: {name.What}: {refusal}");
        Assert.Empty(wrong);
        Assert.Equal((32, 6), (accepted.Count, refused.Count));
    }

    /// <summary>The decoys would show a mistake: unescaped, restic takes some of them instead.</summary>
    [EndToEndFact]
    public void Without_escaping_other_folders_would_be_backed_up()
    {
        var star = AwkwardName.All.Select((name, index) => (name, index)).Single(pair => pair.name.What == "an asterisk").index;
        var evaluated = BackedUpHost.Evaluate(Encoding.UTF8.GetString(Inventory([star])))["box"];
        var broken = evaluated.Store.ToDictionary(file => file.Key, file => file.Key.EndsWith("-staticPaths", StringComparison.Ordinal)
            ? file.Value.Replace("\\*", "*")
            : file.Value);
        using var host = new BackedUpHost(evaluated with { Store = broken });
        host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", "correct\n");
        Create(host.Root);
        host.Units.Start("restic-backups-disk").Succeeded();
        var found = host.Restic("disk", "ls", "latest", $"{Torture}/{Folder(star)}").Succeeded().Output;
        Assert.Contains("starfish", found);
    }

    /// <summary>The codes of what is found in an inventory with this name alone; null if nothing is.</summary>
    private static string? Refusal(int index)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("inventory.yaml"), Inventory([index]));
        var findings = new FindingList();
        var plans = Generator.Plan(null, folder.Path, findings);
        Assert.Equal(findings.HasErrors, plans is null);
        return plans is null ? string.Join(", ", findings.Select(finding => $"{finding.Code.Id} {finding.Message}")) : null;
    }

    private static byte[] Inventory(IEnumerable<int> indices)
    {
        using var text = new MemoryStream();
        var list = indices.ToList();
        Write("""
            destinations:
              disk: { repository: /mnt/backup, secrets: disk, schedule: "03:00", retention: { daily: 7 } }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            hosts:
              box:
                destinations: [disk]
                neverBackUp:

            """);
        foreach (var index in list)
        {
            Write("      ");
            text.Write(AwkwardName.All[index].Yaml($"{Never}/{Folder(index)}"));
            Write(": a test\n");
        }

        Write($"    services:\n      app:\n        backupPaths:\n          - {Never}\n          - {Inside}\n");
        foreach (var index in list)
        {
            Write("          - ");
            text.Write(AwkwardName.All[index].Yaml($"{Torture}/{Folder(index)}"));
            Write("\n");
        }

        return text.ToArray();

        void Write(string part) => text.Write(Encoding.UTF8.GetBytes(part));
    }

    private static string Folder(int index) => $"n{index:00}";

    /// <summary>Whether a line of <see cref="Tree"/> is the thing with this name, or in it.</summary>
    private static bool Belongs(string line, AwkwardName name)
    {
        var latin = Encoding.Latin1.GetString(name.Bytes);
        return line.StartsWith(latin + " | ", StringComparison.Ordinal) || line.StartsWith(latin + "/", StringComparison.Ordinal);
    }

    private static void Create(NixOsRoot root)
    {
        var script = new StringBuilder("""
            set -e
            make() {
              mkdir -p -- "$1/empty"
              printf '%s' "$1" >"$1/data"
              printf '%s' "data" >"$1/${1##*/}"
              ln -s -- "$1" "$1/link"
              chmod 0604 -- "$1/data"
              chown 1234:4321 -- "$1/data"
              chown -h 7:8 -- "$1/link"
              chmod 2751 -- "$1/empty"
              touch -d '2001-02-03 04:05:06.789' -- "$1/data" "$1/empty"
              touch -h -d '2002-02-03 04:05:06.789' -- "$1/link"
              chmod 0710 -- "$1"
              touch -d '2003-02-03 04:05:06.789' -- "$1"
            }
            decoy() {
              mkdir -p -- "$1"
              printf decoy >"$1/decoy"
            }

            """);
        for (var index = 0; index < AwkwardName.All.Count; index++)
        {
            var (_, name, decoys) = AwkwardName.All[index];
            foreach (var folder in new[] { $"{Torture}/{Folder(index)}/", $"{Never}/{Folder(index)}/" }.Select(Encoding.ASCII.GetBytes))
            {
                script.Append("make ").Append(AwkwardName.Quote([.. folder, .. name])).Append('\n');
                foreach (var decoy in decoys)
                    script.Append("decoy ").Append(AwkwardName.Quote([.. folder, .. decoy])).Append('\n');
            }

            script.Append("make ").Append(AwkwardName.Quote([.. Encoding.ASCII.GetBytes(Inside + "/"), .. name])).Append('\n');
        }

        root.Write("/root/create", script.ToString());
        root.Bash("exec bash /root/create").Succeeded();
        for (var index = 0; index < AwkwardName.All.Count; index++)
        {
            byte[] folder = [.. Encoding.UTF8.GetBytes(root.At($"{Torture}/{Folder(index)}/")), .. AwkwardName.All[index].Bytes];
            Tree.SetAttribute(folder, "user.nixgen.folder", [0, 1, 255]);
            Tree.SetAttribute([.. folder, .. "/data"u8], "user.nixgen.file", [.. AwkwardName.All[index].Bytes]);
        }
    }
}
