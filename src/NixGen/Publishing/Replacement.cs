namespace NixGen.Publishing;

/// <summary>
/// Makes the output folder what a survey says it should be. First everything is written beside its target, so that a full disk
/// or a missing right is met before any target is touched; then the targets are swapped, left-overs removed, and the manifest
/// comes last. What fails before the left-overs is taken back. A killed process leaves old and new files, never half of one.
/// </summary>
internal sealed class Replacement(Disk disk, Survey survey)
{
    private readonly List<string> _folders = [];
    private readonly List<string> _staged = [];
    private readonly List<ComparedFile> _swapped = [];

    /// <exception cref="DiskException">The system refused a step.</exception>
    public void Run()
    {
        KeepWhatTheJournalKnows();
        try
        {
            Stage();
            Swap();
        }
        catch (DiskException)
        {
            TakeBack();
            throw;
        }
        Clear();
        if (survey.WritesManifest)
            disk.Swap(Manifest.Path);
    }

    /// <summary>This run replaces the journal of an interrupted one: what only that knows goes into the manifest first.</summary>
    private void KeepWhatTheJournalKnows()
    {
        if (survey.Written.Recovered)
        {
            // By a name of its own: the journal must live until the manifest knows what it knows.
            const string Recovered = "manifest.json.recovered";
            disk.Delete(Disk.Temporary(Recovered));
            disk.Stage(Recovered, survey.Written.Manifest.ToUtf8());
            disk.Swap(Recovered, Manifest.Path);
        }
        var journal = Disk.Temporary(Manifest.Path);
        foreach (var temporary in survey.Temporaries.Where(path => path != journal))
            disk.Delete(temporary);
        if (survey.Temporaries.Count == 0)
            return;
        foreach (var folder in survey.Temporaries.Select(Disk.Parent).Concat(survey.Written.Folders).Distinct())
            disk.RemoveIfEmpty(folder);
        // Last: until here it tells where to look.
        disk.Delete(journal);
    }

    private void Stage()
    {
        if (survey.WritesManifest)
            Stage(Manifest.Path, survey.Manifest);
        foreach (var file in survey.Files.Where(file => file.State != FileState.Same))
        {
            CreateFolder(Disk.Parent(file.Path));
            Stage(file.Path, file.Expected!);
        }
    }

    private void Stage(string path, byte[] content)
    {
        _staged.Add(path);
        disk.Stage(path, content);
    }

    private void CreateFolder(string path)
    {
        if (path.Length == 0 || disk.Look(path).Kind == EntryKind.Folder)
            return;
        CreateFolder(Disk.Parent(path));
        disk.CreateFolder(path);
        _folders.Add(path);
    }

    private void Swap()
    {
        foreach (var file in survey.Files.Where(file => file.State != FileState.Same))
        {
            disk.Swap(file.Path);
            _swapped.Add(file);
        }
    }

    /// <summary>As far as the system lets us: what stays is what a killed process leaves, and the next run mends it.</summary>
    private void TakeBack()
    {
        var restored = _swapped.Select(file => Try(() => Restore(file))).ToList();
        foreach (var path in Enumerable.Reverse(_staged))
        {
            // The journal stays while a file is on disk that only it knows.
            if (path != Manifest.Path || restored.TrueForAll(done => done))
                Try(() => disk.Delete(Disk.Temporary(path)));
        }
        foreach (var folder in Enumerable.Reverse(_folders))
            Try(() => disk.RemoveIfEmpty(folder));
    }

    private void Restore(ComparedFile file)
    {
        if (file.OnDisk is null)
        {
            disk.Delete(file.Path);
            return;
        }
        disk.Stage(file.Path, file.OnDisk);
        disk.Swap(file.Path);
    }

    private static bool Try(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (DiskException)
        {
            // The first failure is the one to report.
            return false;
        }
    }

    private void Clear()
    {
        foreach (var file in survey.LeftOvers.Where(file => file.State == FileState.Stale))
            disk.Delete(file.Path);
        // Also where nothing is left to delete: an interrupted run may have come just so far.
        foreach (var folder in survey.LeftOvers.Select(file => Disk.Parent(file.Path)).Distinct())
            disk.RemoveIfEmpty(folder);
    }
}
