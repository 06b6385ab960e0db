using CsCheck;
using NixGen.Languages.Systemd;

namespace NixGen.Tests.Languages.Systemd;

public sealed class SystemdWordTests
{
    private static readonly string[] Nasty =
    [
        " ", "  ", "\"", "'", "\\", "\\\\", "%", "%%", "%n", "%h", "$", "$$", "${HOME}", "$HOME", ";", "#", "=", ",", "*", "?", "[", "]",
        "{", "}", "~", "|", "&", "(", ")", "<", ">", "`", "!", "-", "+", "@", ":", "ü", "🦉", "\\x20", "\\n", "a", "B", "0", "/",
    ];

    // The same on every run; what systemd prints in its own words are lines, so line ends have a case of their own.
    private static readonly string[] Texts =
    [
        .. Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]).Array[1, 8].Select(string.Concat)
            .Array[600].Generate(new PCG(1), null, out _).Distinct(),
    ];

    /// <summary>systemd names the words that it ignores, after it has read them: each must be the text that was written.</summary>
    [ToolFact("systemd-analyze")]
    public void Words_of_settings_survive_systemd()
    {
        var read = Read(text => $"ExecStart=/bin/true\nReadWritePaths={SystemdWord.Setting("x" + text)}\n", "path is not absolute, ignoring: ");
        Assert.Equal(Texts.Select(text => "x" + text), read);
    }

    /// <summary>So it does with a program it does not like; <c>$$</c> stands for <c>$</c> until the program starts.</summary>
    [ToolFact("systemd-analyze")]
    public void Words_of_commands_survive_systemd()
    {
        var read = Read(text => $"ExecStart={SystemdWord.Command("/x" + text + "\"")}\n", " contains special characters: ");
        Assert.Equal(Texts.Select(text => "/x" + text + "\""), read.Select(word => word.Replace("$$", "$", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/var/lib/x", "/var/lib/x")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a\nb\tc\rd", "\"a\\nb\\tc\\rd\"")]
    [InlineData("100%", "\"100%%\"")]
    [InlineData("$x", "\"$x\"")]
    public void Settings_are_quoted_where_they_must_be(string word, string written) => Assert.Equal(written, SystemdWord.Setting(word));

    [Fact]
    public void Commands_keep_their_dollars() => Assert.Equal("\"$$x\"", SystemdWord.Command("$x"));

    [Fact]
    public void Values_double_their_percents_only() => Assert.Equal("op-token:/a b/%%n\"", SystemdWord.Value("op-token:/a b/%n\""));

    private static IEnumerable<string> Read(Func<string, string> setting, string marker)
    {
        using var folder = new TemporaryFolder();
        var units = Texts.Select((text, index) => folder.Write($"u{index:D4}.service", $"[Service]\nType=oneshot\n{setting(text)}")).ToArray();
        var said = ToolProcess.Run("systemd-analyze", ["verify", "--man=no", .. units]);
        return said.Error.Split('\n')
            .Where(line => line.StartsWith(folder.Path, StringComparison.Ordinal) && line.Contains(marker, StringComparison.Ordinal))
            .OrderBy(line => line[..line.IndexOf(".service", StringComparison.Ordinal)], StringComparer.Ordinal)
            .Select(line => line[(line.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..])
            .ToList();
    }
}
