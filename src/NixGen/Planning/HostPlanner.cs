using System.Net;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Planning.Rules;

namespace NixGen.Planning;

/// <summary>Plans one host.</summary>
internal sealed class HostPlanner(
    Declarations declarations,
    HostDeclaration host,
    Lookup lookup,
    SharedServices shared,
    CataloguedServices catalogued,
    Maintainers maintainers,
    FindingList findings,
    Lints lints)
{
    private static readonly ListenAddress Loopback = new(IPAddress.Loopback, 9898);

    private readonly Settings _defaults = declarations.Defaults;
    private readonly Settings _settings = host.Settings;
    private readonly SortedDictionary<string, DestinationPlan> _destinations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JobPlan> _jobs = new(StringComparer.Ordinal);

    // What seems to be missing may stand there, in a form that has a finding of its own.
    private readonly bool _isBroken = host.Settings.IsBroken || declarations.Defaults.IsBroken;

    private IReadOnlyList<Placed<string>> StandardDestinations => _settings.Destinations ?? _defaults.Destinations ?? [];

    public HostPlan Plan()
    {
        var declared = host.Services.Select(shared.Complete).Select(catalogued.Complete).ToList();
        WalRule.Check(declared, host, lints);
        StopRule.Check(declared, findings);
        var services = declared.Select(Service).ToList();
        var backrest = Backrest();
        var drill = Drill();
        var token = TokenFile(backrest);
        return new HostPlan(
            host.Name,
            host.At,
            _settings.DeclareOptions ?? _defaults.DeclareOptions ?? true,
            _settings.Missing ?? _defaults.Missing ?? MissingPaths.Continue,
            token,
            services,
            [.. _destinations.Values],
            [.. _jobs.Values],
            Never(token, backrest is not null, drill),
            backrest,
            drill)
        {
            Retired = Retired(),
            Declaration = host,
        };
    }

    private List<RetiredDeclaration> Retired() =>
    [
        .. declarations.Retired.Concat(host.Retired)
            .OrderByDescending(entry => entry.Date)
            .ThenBy(entry => entry.Kind)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ThenBy(entry => entry.Destination, StringComparer.Ordinal)
            .ThenBy(entry => entry.Reason, StringComparer.Ordinal),
    ];

    private ServicePlan Service(ServiceDeclaration service)
    {
        shared.CheckDecided(service, catalogued);
        var paths = service.BackupPaths ?? [];
        var databases = ServiceDatabases.Resolve(service, findings);
        var destinations = service.Destinations ?? StandardDestinations;
        var hasData = paths.Count > 0 || databases.Count > 0;
        if (hasData)
            lookup.UsedSettings.UnionWith(destinations.Select(id => id.At));
        if (hasData && destinations.Count == 0 && !service.IsBroken)
            CheckDestinations(service);

        var runs = !hasData ? [] : destinations.Select(id => Run(service, id)).OfType<Trip>().ToList();
        // Standard is who goes where the host's data goes, when it goes there: with others in the nightly jobs.
        var isStandard = runs.Count > 0
            && runs.All(run => run.IsStandard)
            && runs.Select(run => run.Destination.Id).ToHashSet().SetEquals(StandardDestinations.Select(id => id.Value));
        var plan = new ServicePlan(
            service.Name,
            service.At,
            service.Title ?? service.Name,
            service.Covers,
            // Of one that is there twice, who needs it goes first.
            [.. paths.OrderBy(path => path.Path, StringComparer.Ordinal).ThenBy(path => path.Optional).DistinctBy(path => path.Path)],
            [.. ServiceExcludes.Resolve(service, host, findings, lints), .. databases.SelectMany(ServiceDatabases.LiveFiles)],
            databases,
            [.. (service.Units ?? []).Select(unit => unit.Value).Distinct()],
            service.Stop?.Value ?? false,
            service.NoBackup?.Value,
            service.Drill ?? true,
            isStandard)
        {
            Declaration = service,
            Catalogue = service.FromCatalogue,
        };
        foreach (var run in runs)
            Join(plan, run);
        return plan;
    }

    // Once for all services that have none of their own.
    private void CheckDestinations(ServiceDeclaration service)
    {
        if (service.Destinations is not null)
            findings.Report(Codes.NoDestination, service.At, $"service '{service.Name}' has no destination");
        else if (!_isBroken)
            findings.Report(Codes.NoDestination, host.At, $"host '{host.Name}' has no destination for its services");
    }

    private sealed record Trip(DestinationPlan Destination, Schedule Schedule, Retention Retention, bool IsStandard);

    // defaults < destination < host < service
    private Trip? Run(ServiceDeclaration service, Placed<string> id)
    {
        if (Destination(id) is not { } destination)
            return null;
        var standardSchedule = _settings.Schedule ?? destination.Declaration.Schedule ?? _defaults.Schedule;
        var standardRetention = _settings.Retention ?? destination.Declaration.Retention ?? _defaults.Retention;
        var schedule = service.Schedule ?? standardSchedule;
        var retention = service.Retention ?? standardRetention;
        // Of the destination, so that all services together have one finding.
        var isBroken = _isBroken || service.IsBroken || destination.Declaration.IsBroken;
        if (schedule is null && !isBroken)
            findings.Report(Codes.NoSchedule, destination.Declaration.At, $"nothing says when to back up to '{id.Value}'");
        if (retention is null && !isBroken)
            findings.Report(Codes.NoRetention, destination.Declaration.At, $"nothing says which snapshots to keep in '{id.Value}'");
        if (schedule is null || retention is null)
            return null;
        lookup.UsedSettings.UnionWith([schedule.At, retention.At]);
        // While it is stopped nobody else's data should have to be read, too: it gets a run of its own.
        var isStandard = service.Stop is not { Value: true }
            && standardSchedule is not null
            && schedule.SameAs(standardSchedule)
            && standardRetention is not null
            && retention.SameAs(standardRetention);
        return new Trip(destination, schedule, retention, isStandard);
    }

    // The name of a job is the tag of its snapshots: it must not depend on which other services there are.
    private void Join(ServicePlan service, Trip run)
    {
        var name = run.IsStandard ? run.Destination.Id : $"{run.Destination.Id}-{service.Name}";
        if (!_jobs.TryGetValue(name, out var job))
            job = new JobPlan(name, run.Destination, run.Schedule, run.Retention, IsNightly: false, []);
        else if (job.Destination.Id != run.Destination.Id || !run.IsStandard)
            findings.Report(Codes.NameClash, service.At, $"two jobs of host '{host.Name}' would be called '{name}'");
        _jobs[name] = job with { IsNightly = job.IsNightly || service.IsStandard, Services = [.. job.Services, service] };
    }

    private DestinationPlan? Destination(Placed<string> id)
    {
        if (_destinations.TryGetValue(id.Value, out var known))
            return known;
        if (lookup.Destination(id) is not { } declaration || lookup.Secrets(declaration.Secrets) is not { } secrets)
            return null;
        var plan = new DestinationPlan(
            declaration,
            declaration.Repository.For(host.Name),
            Secrets(declaration.Id, secrets),
            host.Name,
            maintainers.Of(host.Name, declaration));
        _destinations.Add(id.Value, plan);
        return plan;
    }

    private SecretsPlan Secrets(string consumer, SecretsDeclaration declaration)
    {
        var vault = declaration.Source is OnePasswordSource source
            ? source.Vault?.Value ?? _settings.OnePassword.Vault?.Value ?? _defaults.OnePassword.Vault?.Value
            : null;
        if (declaration.Source is OnePasswordSource { At: var at } && vault is null && !_isBroken && !declaration.IsBroken)
            findings.Report(Codes.MissingKey, at, $"the set of secrets '{declaration.Name}' names no vault", "Add `vault`, here or in onePassword of defaults.");
        return new SecretsPlan(consumer, declaration, vault);
    }

    private Placed<string>? TokenFile(BackrestPlan? backrest)
    {
        var sets = _destinations.Values.Select(destination => destination.Secrets).Concat(backrest is null ? [] : [backrest.Secrets]);
        if (sets.FirstOrDefault(set => set.Declaration.Source is OnePasswordSource) is not { } set)
            return null;
        var token = _settings.OnePassword.TokenFile ?? _defaults.OnePassword.TokenFile;
        if (token is { } used)
            lookup.UsedSettings.Add(used.At);
        if (token is null && !_isBroken)
            findings.Report(Codes.NoToken, set.Declaration.At, $"'{set.Declaration.Name}' comes from 1Password, but no token file is set");
        return token;
    }

    private BackrestPlan? Backrest()
    {
        var (own, common) = (_settings.Backrest, _defaults.Backrest);
        if ((own ?? common) is not { } settings || !(own?.Enable ?? common?.Enable ?? true))
            return null;
        if ((own?.Secrets ?? common?.Secrets) is not { } name)
        {
            if (!_isBroken)
                findings.Report(Codes.NoWebPassword, settings.At, $"Backrest of host '{host.Name}' has no password");
            return null;
        }

        return lookup.Secrets(name) is not { } secrets
            ? null
            : new BackrestPlan(
                (own?.Listen ?? common?.Listen)?.Value ?? Loopback,
                own?.User ?? common?.User ?? "admin",
                Secrets(BackrestConsumer, secrets));
    }

    /// <summary>The consumer of Backrest's secrets; no destination can have this id.</summary>
    internal const string BackrestConsumer = "backrest";

    private DrillPlan Drill()
    {
        var (own, common) = (_settings.Drill, _defaults.Drill);
        return new DrillPlan(
            own?.Enable ?? common?.Enable ?? true ? own?.Schedule ?? common?.Schedule ?? Weekly : null,
            own?.Services ?? common?.Services ?? 1,
            own?.Scratch ?? common?.Scratch ?? new Placed<string>("/var/lib/homelab-drill/scratch", default));
    }

    // Two hours after the latest time at which maintenance begins by itself, and on another day.
    private static readonly Schedule Weekly =
        CalendarExpression.TryParse("Mon 06:00", out var calendar, out _) ? new Schedule(calendar, TimeSpan.FromMinutes(30), default) : null!;

    private List<NeverDeclaration> Never(Placed<string>? token, bool hasBackrest, DrillPlan drill)
    {
        var entries = declarations.NeverBackUp.Concat(host.NeverBackUp).ToList();
        // What a hardened unit hides, or would back up a second time, has to be said like everything else that stays out. Always:
        // a hand-written module may declare a folder around it.
        if (token is { } file)
            entries.Add(new NeverDeclaration(file.Value, "The token of 1Password opens every secret", file.At));
        if (hasBackrest)
            entries.Add(new NeverDeclaration(BackrestRestores, "Copies that Backrest restored", host.At));
        entries.Add(new NeverDeclaration(drill.Scratch.Value, "Copies that a restore drill restored", host.At));
        foreach (var destination in _destinations.Values.Where(destination => destination.Kind == RepositoryKind.Local))
            entries.Add(new NeverDeclaration(destination.Repository, $"The repository of {destination.Id}", destination.Declaration.Repository.At));
        return [.. entries.DistinctBy(entry => entry.Path).OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    private const string BackrestRestores = "/var/lib/backrest-restores";
}
