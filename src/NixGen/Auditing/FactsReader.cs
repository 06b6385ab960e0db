using System.Text.Json;
using NixGen.Findings;

namespace NixGen.Auditing;

/// <summary>Reads the JSON that the expression makes. Anybody may have written it: what does not fit is said, not guessed.</summary>
public static class FactsReader
{
    internal const int Format = 1;
    internal const string Generator = "nixgen audit";

    /// <param name="name">The file, for findings.</param>
    /// <param name="utf8">What stands in it.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <returns>Null after an error.</returns>
    public static EvaluatedSystem? Read(string name, ReadOnlyMemory<byte> utf8, FindingList findings)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var system = System(new JsonThing(json.RootElement, ""), name, findings);
            if (system is { Unreadable.Count: > 0 })
                findings.Report(Codes.FactsIncomplete, new SourceSpan(name), $"could not be evaluated: {string.Join(", ", system.Unreadable)}");
            return system;
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? new SourceSpan(name, (int)line + 1, (int)(e.BytePositionInLine ?? 0) + 1) : new SourceSpan(name);
            findings.Report(Codes.BadFacts, at, "this is not the JSON that the expression makes");
        }
        catch (FactsException e)
        {
            findings.Report(Codes.BadFacts, new SourceSpan(name), e.Message);
        }
        catch (InvalidOperationException)
        {
            // JsonDocument notices only when a string is asked for.
            findings.Report(Codes.BadFacts, new SourceSpan(name), "a text in it is not valid UTF-8");
        }

        return null;
    }

    private static EvaluatedSystem? System(JsonThing root, string name, FindingList findings)
    {
        if (root.Find("generator")?.Name() != Generator)
            throw new FactsException("it was not made by the expression of `nixgen audit`");
        if (root.Get("format").Number() is var format && format != Format)
        {
            findings.Report(Codes.FactsOfAnotherFormat, new SourceSpan(name), $"the facts have format {format}, this NixGen reads format {Format}");
            return null;
        }

        var podman = root.Find("ociBackend")?.Name() != "docker";
        return new EvaluatedSystem(
            root.Get("host").Name(),
            root.Find("stateVersion")?.Name(),
            root.Get("services").ByName(Unit),
            root.Get("users").ByName(user => new UserFacts(Path(user.Get("home").Name()), user.Flag("isNormalUser"))),
            [.. root.Get("enabled").Items().Select(item => new EnabledOption(item.Get("option").Name(), item.Find("instance")?.Name()))],
            root.Get("moved").Members()
                .Select(option => (option.Name, Value: option.Thing.Get("value").NameOrNull(), Default: option.Thing.Find("default")?.NameOrNull()))
                .Where(option => option.Value is not null)
                .ToDictionary(option => option.Name, option => new MovedOption(option.Value!, option.Default), StringComparer.Ordinal),
            Server(root.Get("postgresql")),
            Server(root.Get("mysql")),
            [.. root.Get("ociContainers").Members().Select(member => Container(member.Name, member.Thing, podman))],
            [.. root.Get("containers").Members().Select(member => Machine(member.Name, member.Thing))],
            root.Texts("backupPaths"),
            root.Texts("backupExcludes"),
            [.. root.Get("restic").Members().Select(member => Job(member.Name, member.Thing))],
            [.. root.Get("fileSystems").Members().Select(member => Mount(member.Name, member.Thing))],
            [.. root.Texts("unreadable").Distinct()]);
    }

    private static UnitFacts Unit(JsonThing unit) => new(
        Words(unit.Texts("stateDirectory")),
        Words(unit.Texts("cacheDirectory")),
        Words(unit.Texts("logsDirectory")),
        Words(unit.Texts("runtimeDirectory")),
        unit.Texts("dynamicUser") is [.., "true" or "yes" or "on" or "1" or "y" or "t"],
        Words(unit.Texts("readWritePaths")),
        Words(unit.Texts("bindPaths")),
        unit.Texts("user").LastOrDefault(),
        unit.Texts("workingDirectory").LastOrDefault());

    // An empty value takes back those before it.
    private static List<string> Words(IReadOnlyList<string> values)
    {
        var words = new List<string>();
        foreach (var value in values)
        {
            if (value.Length == 0)
                words.Clear();
            words.AddRange(value.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"')));
        }

        return words;
    }

    private static ServerFacts Server(JsonThing server) =>
        new(server.Flag("enable"), server.Find("dataDir")?.Name(), server.Texts("ensureDatabases"));

    private static ContainerFacts Container(string name, JsonThing container, bool podman)
    {
        var user = container.Find("podmanUser")?.Name();
        var folder = (podman, user) switch
        {
            (false, _) => "/var/lib/docker/volumes",
            (_, null or "root") => "/var/lib/containers/storage/volumes",
            // Rootless: in the home of its user.
            _ => $"~{user}/.local/share/containers/storage/volumes",
        };
        var unit = container.Find("serviceName")?.Name() ?? $"{(podman ? "podman" : "docker")}-{name}";
        return new ContainerFacts(name, unit, container.Texts("volumes"), folder);
    }

    private static MachineFacts Machine(string name, JsonThing machine) => new(
        name,
        machine.Flag("ephemeral"),
        machine.Find("bindMounts") is not { } mounts ? [] :
        [
            .. mounts.Members()
                .Where(mount => !mount.Thing.Flag("isReadOnly"))
                .Select(mount => mount.Thing.Find("hostPath")?.Name() ?? mount.Name),
        ]);

    private static ResticFacts Job(string name, JsonThing job)
    {
        var timer = job.Find("timerConfig");
        return new ResticFacts(
            name,
            job.Texts("paths"),
            job.Texts("exclude"),
            job.Find("repository")?.Name(),
            timer?.Texts("OnCalendar") ?? [],
            timer?.Texts("RandomizedDelaySec").LastOrDefault(),
            job.Texts("pruneOpts"),
            job.Find("passwordFile")?.Name(),
            job.Find("environmentFile")?.Name(),
            job.Flag("dynamicFilesFrom"),
            job.Flag("hasLogin"));
    }

    private static MountFacts Mount(string at, JsonThing mount)
    {
        var options = mount.Texts("options");
        return new MountFacts(Path(at), mount.Find("device")?.Name(), mount.Find("fsType")?.Name(), options.Contains("bind") || options.Contains("rbind"));
    }

    private static string Path(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}

/// <summary>The JSON is not what it should be.</summary>
internal sealed class FactsException(string message) : Exception(message);

/// <summary>A value in the JSON and its place, read as what it has to be.</summary>
internal readonly struct JsonThing(JsonElement element, string path)
{
    private string Where => path.Length == 0 ? "the document" : $"`{path}`";

    public JsonThing Get(string key) => Find(key) ?? throw new FactsException($"{Where} has no `{key}`");

    /// <summary>Null where the key is absent or null.</summary>
    public JsonThing? Find(string key)
    {
        Expect(JsonValueKind.Object, "a map");
        return element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonThing(value, Below(key)) : null;
    }

    public IEnumerable<(string Name, JsonThing Thing)> Members()
    {
        Expect(JsonValueKind.Object, "a map");
        var here = this;
        return element.EnumerateObject().Select(member => (here.Plain(member.Name), new JsonThing(member.Value, here.Below(member.Name))));
    }

    public SortedDictionary<string, T> ByName<T>(Func<JsonThing, T> read)
    {
        var result = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, thing) in Members())
            result.Add(name, read(thing));
        return result;
    }

    public IEnumerable<JsonThing> Items()
    {
        Expect(JsonValueKind.Array, "a list");
        var below = path;
        return element.EnumerateArray().Select((item, at) => new JsonThing(item, $"{below}[{at}]"));
    }

    /// <summary>A text on one line.</summary>
    public string Name()
    {
        Expect(JsonValueKind.String, "a text");
        return Plain(element.GetString()!);
    }

    /// <summary>A text on one line; null where it is anything else.</summary>
    public string? NameOrNull() => element.ValueKind == JsonValueKind.String ? Name() : null;

    public long Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : throw new FactsException($"{Where} is no whole number");

    public bool Flag(string key) => Find(key) is { } thing && (thing.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FactsException($"{thing.Where} is neither true nor false"),
    });

    /// <summary>A setting that may be one value or a list of them; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } thing)
            return [];
        return thing.Kind == JsonValueKind.Array ? [.. thing.Items().Select(item => item.Setting())] : [thing.Setting()];
    }

    private JsonValueKind Kind => element.ValueKind;

    private string Setting() => element.ValueKind switch
    {
        JsonValueKind.String => Clean(element.GetString()!),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw new FactsException($"{Where} is no text"),
    };

    private void Expect(JsonValueKind kind, string name)
    {
        if (element.ValueKind != kind)
            throw new FactsException($"{Where} is not {name}");
    }

    private string Below(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private string Plain(string text) =>
        text.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029') ? throw new FactsException($"{Where} holds a control character") : text;

    // Settings of units may go over several lines.
    private string Clean(string text) => Plain(text.Replace('\n', ' ').Replace('\t', ' '));
}
