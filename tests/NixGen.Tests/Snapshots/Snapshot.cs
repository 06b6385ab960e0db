using System.Runtime.CompilerServices;
using System.Text;
using DiffEngine;

namespace NixGen.Tests.Snapshots;

/// <summary>
/// Compares text with committed files, byte for byte. The files are named as Verify names them: what is expected stands in
/// <c>X.verified.nix</c>; what came instead is written to <c>X.received.nix</c> beside it, and <c>tests/accept</c> moves that
/// over.
/// </summary>
public static class Snapshot
{
    private const string Verified = "verified";
    private const string Received = "received";

    /// <summary>Left beside a verified file that nothing produces any more, for tests/accept.</summary>
    private const string Absent = ".absent";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Compares one text with one file.</summary>
    /// <param name="file">The full path without the word: <c>/…/X.nix</c> is kept in <c>/…/X.verified.nix</c>.</param>
    /// <param name="actual">The text.</param>
    /// <exception cref="SnapshotException">The file says something else, or is not there.</exception>
    public static void VerifyFile(string file, string actual) => VerifyFile(file, Utf8.GetBytes(actual));

    /// <inheritdoc cref="VerifyFile(string, string)"/>
    public static void VerifyFile(string file, byte[] actual) => Report(Compare(file, actual), WithWord(file, Received));

    /// <summary>Compares files with a folder, and tells everything that is missing, superfluous or different at once.</summary>
    /// <param name="expectedFolder">A full path, or one relative to the calling source file. Files in it whose names do not say
    /// "verified", such as the input of the case, are nobody's business here.</param>
    /// <param name="files">Text by relative path with forward slashes: <c>hosts/nas.nix</c> is kept in
    /// <c>hosts/nas.verified.nix</c>, <c>LICENSE</c> in <c>LICENSE.verified</c>.</param>
    /// <param name="sourceFile">Leave it out.</param>
    /// <exception cref="SnapshotException">They are not the same.</exception>
    public static void VerifyFolder(
        string expectedFolder, IReadOnlyDictionary<string, string> files, [CallerFilePath] string sourceFile = "")
    {
        var folder = Path.GetFullPath(expectedFolder, Path.GetDirectoryName(sourceFile)!);
        var expected = Names(folder, Verified);
        foreach (var stale in Names(folder, Received).Where(name => !files.ContainsKey(name)))
        {
            File.Delete(Path.Combine(folder, WithWord(stale, Received)));
        }

        var differences = new List<string>();
        foreach (var name in expected.Union(files.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (!Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Not below the folder: {name}", nameof(files));
            }

            differences.AddRange(files.TryGetValue(name, out var text) ? Compare(path, Utf8.GetBytes(text)) : Superfluous(path));
        }

        Report(differences, folder);
    }

    private static List<string> Compare(string path, byte[] actual)
    {
        var verified = WithWord(path, Verified);
        var received = WithWord(path, Received);
        if (!File.Exists(verified))
        {
            Write(received, actual);
            File.Delete(received + Absent);
            return [$"missing: {Shown(verified)}{TextDiff.Between([], actual)}"];
        }

        File.Delete(received + Absent);
        var expected = File.ReadAllBytes(verified);
        if (expected.AsSpan().SequenceEqual(actual))
        {
            File.Delete(received);
            return [];
        }

        Write(received, actual);
        ShowToDeveloper(received, verified);
        return [$"different: {Shown(verified)}{TextDiff.Between(expected, actual)}"];
    }

    private static List<string> Superfluous(string path)
    {
        Write(WithWord(path, Received) + Absent, []);
        return [$"superfluous, nothing produces it: {Shown(WithWord(path, Verified))}"];
    }

    private static void Report(List<string> differences, string received)
    {
        if (differences.Count > 0)
        {
            throw new SnapshotException($"{string.Join("\n", differences)}\nIf that is right: tests/accept {Shown(received)}");
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>
    /// Opens the developer's diff tool, if there is one. DiffEngine knows the usual build servers and its own switch
    /// DiffEngine_Disabled, which tests/run sets without a terminal; a screen is asked for besides, because no one could see or
    /// close a tool without it.
    /// </summary>
    private static void ShowToDeveloper(string received, string verified)
    {
        if (Tool.IsContinuousIntegration || DiffRunner.Disabled || !HasScreen())
        {
            return;
        }

        try
        {
            DiffRunner.LaunchForText(received, verified);
        }
        catch (Exception)
        {
            // The difference is the news, not a diff tool that does not start.
        }
    }

    private static bool HasScreen() =>
        OperatingSystem.IsWindows()
        || OperatingSystem.IsMacOS()
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));

    /// <summary><c>a/b.nix</c> → <c>a/b.verified.nix</c>; <c>a/b</c> → <c>a/b.verified</c>.</summary>
    private static string WithWord(string path, string word) =>
        $"{path[..^Path.GetExtension(path).Length]}.{word}{Path.GetExtension(path)}";

    /// <summary>The names of the files in a folder that have the word, relative and without it.</summary>
    private static List<string> Names(string folder, string word)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Select(name => WithoutWord(name, word))
            .OfType<string>()];
    }

    private static string? WithoutWord(string name, string word)
    {
        if (name.EndsWith($".{word}", StringComparison.Ordinal))
        {
            return name[..^(word.Length + 1)];
        }

        var at = name.LastIndexOf($".{word}.", StringComparison.Ordinal);
        // The extension must follow: a folder's name or X.received.nix.absent is something else.
        return at >= 0 && name.IndexOfAny(['.', '/'], at + word.Length + 2) < 0 ? name.Remove(at, word.Length + 1) : null;
    }

    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) ? path : relative;
    }
}

/// <summary>What is expected and what came are not the same.</summary>
public sealed class SnapshotException(string message) : Xunit.Sdk.XunitException(message);
