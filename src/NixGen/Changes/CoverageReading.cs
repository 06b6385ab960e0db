using System.Globalization;
using System.Text.Json;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Languages.Restic;
using NixGen.Languages.Systemd;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>
/// Reads bytes that anybody may have written, or git may have merged: into a coverage in which every name leads somewhere, or into why
/// not. What was taken for less than it says would let a loss pass.
/// </summary>
internal sealed record CoverageReading(Coverage? Coverage, FindingCode? Code = null, string Reason = "", int Line = 0)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static CoverageReading Of(byte[] utf8, string host)
    {
        var conflict = ManifestReading.LineOfConflict(utf8);
        if (conflict > 0)
            return Damaged("it holds merge-conflict markers", conflict);
        try
        {
            using var json = JsonDocument.Parse(utf8, Strict);
            return new(Read(json.RootElement, host));
        }
        catch (NewerFormatException newer)
        {
            return new(null, Codes.NewerManifest, $"written by a newer NixGen, in format {newer.Format}; this one knows format {CoverageWriter.Format}");
        }
        catch (DamagedException damage)
        {
            return Damaged(damage.Message);
        }
        catch (JsonException e)
        {
            return Damaged("it is not valid JSON", (int)(e.LineNumber ?? -1) + 1);
        }
        catch (InvalidOperationException)
        {
            // A text that is not valid UTF-8; JsonDocument notices only when it is asked for.
            return Damaged("it is not valid UTF-8");
        }
    }

    private static Coverage Read(JsonElement root, string host)
    {
        var keys = new Keys(root, "the file");
        var format = keys.Number("format");
        if (format > CoverageWriter.Format)
            throw new NewerFormatException(format);
        Require(format == CoverageWriter.Format, "it has no format that NixGen wrote");
        keys.Text("about");
        Require(keys.Text("host") == host, $"it is not about host '{host}'");
        var coverage = new Coverage(
            host,
            keys.Text("missing"),
            keys.Each("services", Service),
            keys.Map("notBackedUp"),
            keys.Map("neverBackUp"),
            keys.Each("jobs", Job),
            keys.Each("destinations", (id, inner) => new CoveredDestination(id, inner.Text("repository"), inner.Map("secrets"))),
            keys.Optional("backrest") is { } backrest
                ? Whole(new Keys(backrest, "backrest"), inner => new CoveredInterface(inner.Text("listen"), inner.Text("user"), inner.Text("password")))
                : null,
            [.. keys.Items("retired").Select(item => Whole(new Keys(item, "retired"), Retired))],
            keys.Optional("drill") is { } drill
                ? Whole(new Keys(drill, "drill"), inner => new CoveredDrill(
                    inner.Text("calendar"), inner.Number("randomizedDelay"), inner.Number("services"), inner.Texts("without")))
                : null);
        keys.Done();
        Check(coverage);
        return coverage;
    }

    private static CoveredService Service(string name, Keys keys) => new(
        name,
        keys.Texts("jobs"),
        [.. keys.Map("paths").Select(path => new CoveredPath(path.Key, path.Value switch
        {
            "optional" => true,
            "required" => false,
            _ => throw new DamagedException($"the path {path.Key} is neither required nor optional"),
        }))],
        keys.Texts("excludes"),
        keys.Texts("databases"),
        keys.Texts("stops"));

    private static CoveredJob Job(string name, Keys keys) => new(
        name,
        keys.Text("destination"),
        keys.Text("calendar"),
        keys.Number("randomizedDelay"),
        keys.Value("retention") is { ValueKind: JsonValueKind.String } word
            ? word.GetString() == "keep-all" ? Retention(_ => 0) : throw new DamagedException($"the retention of '{name}' is none")
            : Whole(new Keys(keys.Value("retention"), $"the retention of '{name}'"), inner => Retention(inner.Number)));

    private static Retention Retention(Func<string, int> count) =>
        new(count("last"), count("hourly"), count("daily"), count("weekly"), count("monthly"), count("yearly"), default);

    private static RetiredDeclaration Retired(Keys keys)
    {
        var kinds = Enum.GetValues<RetiredKind>().Where(kind => keys.Optional(RetiredBinding.Key(kind)) is not null).ToList();
        if (kinds.Count == 2)
            kinds.Remove(RetiredKind.Destination);
        Require(kinds.Count == 1, "an entry of retired does not name one thing");
        Require(
            DateOnly.TryParseExact(keys.Text("date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date),
            "an entry of retired has no date");
        return new RetiredDeclaration(
            kinds[0],
            keys.Text(RetiredBinding.Key(kinds[0])),
            kinds[0] != RetiredKind.Destination && keys.Optional("destination") is not null ? keys.Text("destination") : null,
            date,
            keys.Text("reason"),
            default);
    }

    private static void Check(Coverage coverage)
    {
        var destinations = coverage.Destinations.Select(destination => destination.Id).ToHashSet(StringComparer.Ordinal);
        var jobs = coverage.Jobs.Select(job => job.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var job in coverage.Jobs)
        {
            Require(destinations.Contains(job.Destination), $"job '{job.Name}' goes to '{job.Destination}', which it does not describe");
            Require(CalendarExpression.TryParse(job.Calendar, out _, out _), $"job '{job.Name}' has no schedule");
            Require(job.RandomizedDelay >= 0 && job.Retention.Counts.All(kept => kept.Count >= 0), $"job '{job.Name}' has a number below zero");
        }

        Require(
            coverage.Drill is null || CalendarExpression.TryParse(coverage.Drill.Calendar, out _, out _) && coverage.Drill.RandomizedDelay >= 0,
            "the drill has no schedule");
        foreach (var service in coverage.Services)
        {
            Require(service.Jobs.Count > 0 && service.Jobs.All(jobs.Contains), $"service '{service.Name}' is in a job that it does not describe");
            Require(service.Paths.Count + service.Databases.Count > 0, $"service '{service.Name}' has nothing to back up");
            Require(service.Paths.All(path => Scalars.IsPlainPath(path.Path)), $"service '{service.Name}' has a path that is none");
            Require(service.Excludes.All(exclude => exclude.StartsWith('/') && ResticPattern.IsValid(exclude, out _)), $"service '{service.Name}' has an exclude that is none");
            Require(service.Databases.All(DatabaseBinding.IsId), $"service '{service.Name}' has a database that is none");
        }
    }

    private static T Whole<T>(Keys keys, Func<Keys, T> read)
    {
        var value = read(keys);
        keys.Done();
        return value;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new DamagedException(otherwise);
    }

    private static CoverageReading Damaged(string reason, int line = 0) => new(null, Codes.CannotCompare, reason, line);

    private sealed class DamagedException(string message) : Exception(message);

    private sealed class NewerFormatException(int format) : Exception
    {
        public int Format { get; } = format;
    }

    /// <summary>The keys of an object; those that nobody asked for are damage.</summary>
    private sealed class Keys
    {
        private readonly JsonElement _map;
        private readonly string _what;
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public Keys(JsonElement map, string what)
        {
            (_map, _what) = (map, what);
            Require(map.ValueKind == JsonValueKind.Object, $"{what} is no map");
        }

        public JsonElement? Optional(string key) =>
            _map.TryGetProperty(key, out var value) && (_known.Add(key) || true) ? value : null;

        public JsonElement Value(string key) => Optional(key) ?? throw new DamagedException($"{_what} has no {key}");

        public string Text(string key) => TextOf(Value(key), key);

        public int Number(string key)
        {
            var value = Value(key);
            Require(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), $"{_what} has no number as {key}");
            return value.GetInt32();
        }

        public IEnumerable<JsonElement> Items(string key)
        {
            var value = Value(key);
            Require(value.ValueKind == JsonValueKind.Array, $"{key} of {_what} is no list");
            return value.EnumerateArray();
        }

        public List<string> Texts(string key) => [.. Items(key).Select(item => TextOf(item, key))];

        public SortedDictionary<string, string> Map(string key) =>
            Coverage.Map(Entries(key).Select(entry => (entry.Name, TextOf(entry.Value, entry.Name))));

        public List<T> Each<T>(string key, Func<string, Keys, T> read) =>
        [
            .. Entries(key)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => Whole(new Keys(entry.Value, $"'{entry.Name}'"), keys => read(entry.Name, keys))),
        ];

        public void Done()
        {
            foreach (var property in _map.EnumerateObject())
                Require(_known.Contains(property.Name), $"{_what} has a key {JsonEncodedText.Encode(property.Name)} that NixGen does not write");
        }

        private IReadOnlyList<JsonProperty> Entries(string key)
        {
            var value = Value(key);
            Require(value.ValueKind == JsonValueKind.Object, $"{key} of {_what} is no map");
            var entries = value.EnumerateObject().ToList();
            entries.ForEach(entry => RequireWords(entry.Name));
            return entries;
        }

        // No inventory holds a control character, and terminals obey them.
        private void RequireWords(string text) => Require(!text.Any(char.IsControl), $"{_what} holds a control character");

        private string TextOf(JsonElement value, string key)
        {
            Require(value.ValueKind == JsonValueKind.String, $"{key} of {_what} is no text");
            var text = value.GetString()!;
            RequireWords(text);
            return text;
        }
    }
}
