namespace NixGen.Languages.Restic;

/// <summary>
/// Patterns on the way down a tree. A folder knows what of each pattern is left to match below it; a pattern for another folder is gone
/// there, so a walk does not ask every pattern about every file.
/// </summary>
public sealed class ResticExcludes
{
    private static readonly ResticExcludes None = new([]);

    private readonly List<Rest> _rests;

    private ResticExcludes(List<Rest> rests) => _rests = rests;

    /// <summary>At the root.</summary>
    /// <param name="patterns">Absolute and valid.</param>
    public static ResticExcludes Of(IEnumerable<string> patterns) => Of(patterns.Select(ResticPattern.Parts));

    internal static ResticExcludes Of(IEnumerable<string[]> patterns)
    {
        var rests = new List<Rest>();
        foreach (var parts in patterns)
            Add(rests, new Rest(parts, 0));
        return new ResticExcludes(rests);
    }

    /// <summary>Whether all that lies here is left out.</summary>
    public bool IsLeftOut => _rests.Exists(rest => rest.IsMatched);

    /// <summary>Whether a file or folder of this name here is left out. The same as <see cref="Into"/>, and cheaper.</summary>
    public bool LeaveOutEntry(string name)
    {
        foreach (var rest in _rests)
        {
            if (rest.IsMatched || (rest.IsLast && rest.Takes(name)))
                return true;
        }

        return false;
    }

    /// <summary>Whether what has an absolute path is left out.</summary>
    public bool LeaveOut(string path) => At(path).IsLeftOut;

    /// <summary>What is left in the folder at an absolute path.</summary>
    public ResticExcludes At(string path) => path.Split('/').Skip(1).Aggregate(this, (excludes, name) => excludes.Into(name));

    /// <summary>What is left in a folder here.</summary>
    public ResticExcludes Into(string name)
    {
        var below = new List<Rest>();
        foreach (var rest in _rests)
        {
            if (rest.IsMatched || rest.IsAnyDepth)
                Add(below, rest);
            else if (rest.Takes(name))
                Add(below, rest.Next);
        }

        return below.Count == 0 ? None : new ResticExcludes(below);
    }

    // ** may also stand for no folder at all.
    private static void Add(List<Rest> rests, Rest rest)
    {
        // Those of one pattern stand together; a look at all would take the square of their number in every folder.
        for (var at = rests.Count - 1; at >= 0 && rests[at].Parts == rest.Parts; at--)
        {
            if (rests[at].From == rest.From)
                return;
        }

        rests.Add(rest);
        if (!rest.IsMatched && rest.IsAnyDepth)
            Add(rests, rest.Next);
    }

    /// <summary>The parts of a pattern from one on.</summary>
    private readonly record struct Rest(string[] Parts, int From)
    {
        public bool IsMatched => From == Parts.Length;

        public bool IsLast => From == Parts.Length - 1;

        public bool IsAnyDepth => Parts[From] == "**";

        public Rest Next => this with { From = From + 1 };

        public bool Takes(string name) => ResticPattern.PartMatches(Parts[From], name);
    }
}
