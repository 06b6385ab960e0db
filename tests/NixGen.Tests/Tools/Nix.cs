using System.Text.Json;

namespace NixGen.Tests.Tools;

/// <summary>
/// Asks Nix itself. Needs nix-instantiate (2.8 or newer) and nothing else: no store, no daemon, no nixpkgs. With the dummy store
/// any user can evaluate, and nothing is written.
/// </summary>
public static class Nix
{
    public const string Program = "nix-instantiate";

    /// <summary>Otherwise even --parse makes /nix, or fails where it may not.</summary>
    private static readonly string[] NoStore = ["--store", "dummy://"];

    private static readonly string[] Evaluate = [.. NoStore, "--eval", "--strict", "--json"];

    /// <summary>The developer's own settings and channels must not matter.</summary>
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["NIX_PATH"] = "",
        ["NIX_REMOTE"] = null,
        ["NIX_CONFIG"] = null,
        ["NIX_CONF_DIR"] = "/nonexistent",
        ["NIX_USER_CONF_FILES"] = "",
    };

    /// <summary>Reads files as Nix does, all in one process, without evaluating them.</summary>
    /// <exception cref="NixException">One of them has a syntax error or an undefined variable.</exception>
    public static void Parse(params IEnumerable<string> files) => Run([.. NoStore, "--parse", .. files.Select(Path.GetFullPath)]);

    /// <summary>The value of an expression, deeply evaluated.</summary>
    /// <param name="expression">Sent on standard input, so it may be long.</param>
    /// <param name="workingDirectory">What relative paths in it start from.</param>
    /// <exception cref="NixException">It has none.</exception>
    public static JsonElement EvaluateJson(string expression, string? workingDirectory = null) =>
        Read(Run([.. Evaluate, "-"], expression, workingDirectory));

    /// <summary>The values of many expressions; one process evaluates them all, which is many times faster.</summary>
    /// <exception cref="NixException">Some have none; the message says which, and why.</exception>
    public static IReadOnlyList<JsonElement> EvaluateJson(IReadOnlyList<string> expressions, string? workingDirectory = null)
    {
        try
        {
            // The line break ends a comment that an expression may end with.
            var list = string.Concat(expressions.Select(expression => $"({expression}\n)\n"));
            var all = EvaluateJson($"[\n{list}]", workingDirectory);
            if (all.GetArrayLength() == expressions.Count)
            {
                return [.. all.EnumerateArray()];
            }
        }
        catch (NixException)
        {
            // One by one then, to tell which.
        }

        var values = new List<JsonElement>();
        var failures = new List<string>();
        for (var index = 0; index < expressions.Count; index++)
        {
            try
            {
                values.Add(EvaluateJson(expressions[index], workingDirectory));
            }
            catch (NixException exception)
            {
                failures.Add($"expression {index}: {expressions[index]}\n{exception.Message}");
            }
        }

        return failures.Count == 0
            ? values
            : throw new NixException($"{failures.Count} of {expressions.Count} failed\n{string.Join('\n', failures.Take(10))}");
    }

    /// <summary>The value of a file, deeply evaluated; if it is a function, of its result.</summary>
    /// <param name="file">The file.</param>
    /// <param name="arguments">The arguments of the function, as Nix expressions.</param>
    /// <exception cref="NixException">It has none.</exception>
    public static JsonElement EvaluateFile(string file, IReadOnlyDictionary<string, string>? arguments = null)
    {
        var given = (arguments ?? new Dictionary<string, string>()).SelectMany(pair => new[] { "--arg", pair.Key, pair.Value });
        return Read(Run([.. Evaluate, .. given, Path.GetFullPath(file)]));
    }

    private static string Run(IReadOnlyList<string> arguments, string? input = null, string? workingDirectory = null)
    {
        var result = ToolProcess.Run(Program, arguments, input, environment: Environment, workingDirectory: workingDirectory);
        // Nix 2.8 writes the beginning of the JSON also when it fails: only the exit code tells.
        return result.ExitCode == 0 ? result.Output : throw new NixException(result.Error.Trim());
    }

    private static JsonElement Read(string json) =>
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 }).RootElement;
}

/// <summary>Nix refused something; the message is what it wrote to standard error.</summary>
public sealed class NixException(string message) : Exception(message);
