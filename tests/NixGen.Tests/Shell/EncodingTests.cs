using System.Text;

namespace NixGen.Tests.Shell;

/// <summary>What the script writes into environment files is what a shell and systemd read out of them.</summary>
public class EncodingTests
{
    private const int Count = 2040;

    // ASCII control characters are refused; everything else can stand in a secret.
    private static readonly string[] Special =
        [" ", "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", ";", "<", "=", "?", "[", "\\", "]", "`", "{", "|", "}", "~", "a", "n", "ü", "\u00a0"];

    private static readonly string[] Nasty =
    [
        " first", "last ", "a #b", "#start", "\"quoted\"", "'sq'", "\"", "'", "back\\slash", "trailing\\", "\\\\", "$HOME", "${HOME}", "$$", "a\\$b", "%n%i",
        ";start", "K0+/=", "`id`", "$(id)", "a!b", "*", "~", "日本語", "x\\\"y", "\\n", "\\x41", "\\", "=", "A=B", "export A=1", "😀", "\u2028", "\ufeffbom",
        "%%", "%", "%o", "-n", "-e \\t", "\\c", "a\\", "\"\\", "\\\"", "$'a\\nb'", "!!", "!$", "a b  c   ",
    ];

    private static readonly string[] Specifiers = ["ID o", "VERSION_ID w", "VARIANT_ID W", "BUILD_ID B", "IMAGE_VERSION A", "IMAGE_ID M"];

    [ToolFact(Nix.Program, "bash", "cmp", "systemd-tmpfiles")]
    public void A_shell_and_systemd_read_back_every_value()
    {
        var values = Values();
        Assert.True(values.Count >= 2000, $"{values.Count} values");
        // Two sets, one for each processor.
        string[] sets = ["one", "two"];
        var scripts = GeneratedScripts.Generate(Inventory(values.Count / 2), "host");
        Parallel.For(0, sets.Length, index =>
        {
            using var machine = new SecretsMachine(scripts, $"homelab-secrets-{sets[index]}");
            var mine = values.Skip(index * (values.Count / 2)).Take(values.Count / 2)
                .Select((value, number) => (Name: Name(number), Value: value))
                .ToDictionary(pair => pair.Name, pair => pair.Value);
            foreach (var (name, value) in mine)
                machine.Credential(name, value);
            machine.Credential("RESTIC_PASSWORD", "password");
            machine.Fetch().Succeeded();

            AssertSame(mine, machine.Source("run/current/env"), "bash");
            var prefixed = machine.Source("run/current/prefixed-env").Where(pair => pair.Key != $"{sets[index]}_RESTIC_PASSWORD");
            AssertSame(mine, prefixed.ToDictionary(pair => pair.Key[4..], pair => pair.Value), "bash, prefixed");
            AssertSame(mine, ReadAsSystemd(machine), "systemd");
        });
    }

    [ToolFact("systemd-tmpfiles")]
    public void The_parser_of_systemd_is_really_asked()
    {
        using var folder = new TemporaryFolder();
        // What only this parser does: it unquotes, drops the backslash before any character outside of quotes, and knows comments.
        Assert.Equal("a bc", Expand(folder, ["VARIANT_ID='a b'\\c", "; VARIANT_ID=no", "# VARIANT_ID=no"])[2]);
        Assert.Equal("$x `", Expand(folder, ["VARIANT_ID=\"\\$x \\`\""])[2]);
        // Not UTF-8: the whole file is refused, as it is for a unit. That is why the script refuses such a value.
        Assert.ThrowsAny<Exception>(() => Expand(folder, ["ID=one", "VARIANT_ID=\"gr\udcfcn\""]));
    }

    /// <summary>
    /// systemd-tmpfiles fills in %W and the like from etc/os-release below its root. That is read by parse_env_file(), whose parser
    /// (src/basic/env-file.c) is the one behind EnvironmentFile=.
    /// </summary>
    private static Dictionary<string, byte[]> ReadAsSystemd(SecretsMachine machine)
    {
        var read = new Dictionary<string, byte[]>();
        using var folder = new TemporaryFolder();
        foreach (var lines in machine.Get("env").Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(Specifiers.Length))
        {
            // The lines as they are, with other names.
            var values = Expand(folder, lines.Select((line, index) => Specifiers[index].Split(' ')[0] + line[line.IndexOf('=')..]));
            for (var index = 0; index < lines.Length; index++)
                read.Add(lines[index][..lines[index].IndexOf('=')], Encoding.UTF8.GetBytes(values[index]));
        }

        return read;
    }

    private static string[] Expand(TemporaryFolder folder, IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines) + "\n";
        Directory.CreateDirectory(folder.At("etc"));
        // A lone surrogate stands for a byte that is not UTF-8.
        File.WriteAllBytes(folder.At("etc", "os-release"), text.Contains('\udcfc') ? Encoding.Latin1.GetBytes(text.Replace('\udcfc', 'ü')) : Encoding.UTF8.GetBytes(text));
        var configuration = folder.Write("f.conf", string.Concat(Specifiers.Select((name, index) => $"f+ /{index} 0600 - - - :%{name[^1]}\n")));
        ToolProcess.Run("systemd-tmpfiles", [$"--root={folder.Path}", "--create", configuration]).Succeeded();
        return [.. Specifiers.Select((_, index) => File.ReadAllText(folder.At($"{index}"))[1..])];
    }

    private static void AssertSame(Dictionary<string, string> expected, IReadOnlyDictionary<string, byte[]> actual, string reader)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (name, value) in expected)
            Assert.True(Encoding.UTF8.GetBytes(value).SequenceEqual(actual[name]), $"{reader}: {value} became {Encoding.UTF8.GetString(actual[name])}");
    }

    private static List<string> Values()
    {
        var random = new Random(20260102);
        var pairs = from first in Special from second in Special select first + second;
        var framed = from special in Special select $"x{special}";
        var values = Nasty.Concat(Special).Concat(pairs).Concat(framed).ToList();
        while (values.Count < Count)
            values.Add(string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => Special[random.Next(Special.Length)])));
        return values;
    }

    private static string Name(int number) => $"OS_{number:0000}";

    private static string Inventory(int variables)
    {
        var files = string.Join(", ", Enumerable.Range(0, variables).Select(number => $"{Name(number)}: /etc/secrets/{number}"));
        return $$"""
            destinations:
              one: { repository: /srv/one, secrets: all, schedule: "03:00", retention: { daily: 7 } }
              two: { repository: /srv/two, secrets: all, schedule: "03:00", retention: { daily: 7 } }
            secrets:
              all:
                files: { RESTIC_PASSWORD: /etc/secrets/password, {{files}} }
            hosts:
              host:
                destinations: [one, two]
                services: { a: { backupPaths: [/srv/a] } }
            """;
    }
}
