using NixGen.Findings;

namespace NixGen.Tests.Inventory.Reading;

/// <summary>A table of inputs that people and broken tools produce. Each has its findings, with their exact places.</summary>
public sealed class MalformedTests
{
    private static readonly (string Text, string Expected)[] Table =
    [
        // quotes
        ("a: \"x", "NG1001 1:4"),
        ("a: \"x\n", "NG1001 1:4"),
        ("a: 'x\nb: 2\n", "NG1001 1:4"),
        ("a: \"x\nb: 2\n", "NG1001 1:4"),
        ("a: 'x\nb: 'y'\n", "NG1001 1:4"),
        ("a: 'it's'\n", "NG1001 1:8"),
        ("a: \"x\" y\n", "NG1001 1:8"),
        ("a: 'x' 'y'\n", "NG1001 1:8"),
        ("a: \"C:\\data\"\n", "NG1001 1:7"),
        ("a: \"\\xZZ\"\n", "NG1001 1:5"),
        ("a: \"\\ud800\"\n", "NG1001 1:5"),
        ("a: \"\\ud800\\ud800\"\n", "NG1001 1:11"),
        ("a: \"\\U00110000\"\n", "NG1001 1:5"),
        ("\"a\n", "NG1001 1:1"),
        ("a: \"x\n---\n", "NG1001 1:4"),
        ("a: \"x\"#c\n", "NG1001 1:7"),
        // brackets
        ("services:\n  radarr: [unclosed", "NG1001 2:11"),
        ("services:\n  radarr: [unclosed\n  sonarr: {}\n", "NG1001 2:11"),
        ("services:\n  radarr: [unclosed\nsonarr: {}\n", "NG1001 2:11"),
        ("services:\n  radarr: {a: b\nsonarr: {}\n", "NG1001 2:11"),
        ("a: [1, 2\n", "NG1001 1:4"),
        ("a: [1, 2,\n", "NG1001 1:4"),
        ("a: {b: 1\n", "NG1001 1:4"),
        ("a: {b: 1,\n", "NG1001 1:4"),
        ("a: {\n", "NG1001 1:4"),
        ("a: [[x]\nb: c\n", "NG1001 1:4"),
        ("a: [x}\n", "NG1001 1:6"),
        ("a: {b: c]\n", "NG1001 1:9"),
        ("a: ]\n", "NG1001 1:4"),
        ("a: 1\n}\nc: 2\n", "NG1001 2:1"),
        ("a: [b] ]\n", "NG1001 1:8"),
        ("a: {b: c} }\n", "NG1001 1:11"),
        ("a: [b] c\n", "NG1001 1:8"),
        ("a: [b]#c\n", "NG1001 1:6"),
        ("a: [b, , c]\n", "NG1001 1:8"),
        ("a: [,]\n", "NG1001 1:5"),
        ("a: ,b\n", "NG1001 1:4"),
        ("a: {b: 1 c: 2}\n", "NG1001 1:11"),
        ("a: {b: 1\n  c: 2}\n", "NG1001 2:3"),
        ("a: {b: [x] c: 2}\n", "NG1001 1:12"),
        ("a: {b: {} c: 2}\n", "NG1001 1:11"),
        ("a: {b: 'x' c: 2}\n", "NG1001 1:12"),
        ("a: {\"b\" \"c\"}\n", "NG1001 1:9"),
        ("a: ['b' 'c']\n", "NG1001 1:9"),
        ("a: ['b', :c]\n", "NG1001 1:11"),
        ("a: {b: 'c', :d: e}\n", "NG1001 1:14"),
        ("a: [\n  /x\n  /y\n]\n", "NG1001 2:3"),
        ("a:\n  - /x\n    /y\n", "NG1001 2:5"),
        ("a: {b: x\n  y}\n", "NG1001 1:8"),
        ("a: [b,#c\n]\n", "NG1001 1:6"),
        ("a: [-]\n", "NG1001 1:5"),
        ("{a: b}\n{c: d}\n", "NG1001 2:1"),
        ("{a: b} c\n", "NG1001 1:8"),
        // colons
        ("key: value: more\n", "NG1001 1:11"),
        ("key: \"value\": more\n", "NG1001 1:13"),
        ("a: b: c: d\n", "NG1001 1:5"),
        ("a:b\n", "NG1016 1:1"),
        ("a:b\nc: d\n", "NG1001 1:1"),
        ("c: d\na:b\n", "NG1001 2:1"),
        ("c: d\na:b\ne: f\n", "NG1001 2:1"),
        ("a: {b:c}\n", "NG1020 1:5"),
        ("services\n  radarr: 1\n", "NG1001 1:1"),
        ("services:\n  radarr\n  sonarr: {}\n", "NG1001 2:3"),
        ("services:\n  radarr\n\n# x\n\n  sonarr: {}\n", "NG1001 2:3"),
        ("a: 1\nb", "NG1001 2:1"),
        ("a: 1\nb\n", "NG1001 2:1"),
        ("a: 1\nb\nc: 2\n", "NG1001 2:1"),
        ("a: 1\n\"b\"\nc: 2\n", "NG1001 2:1"),
        ("a: b\n  c: d\n", "NG1001 2:3"),
        ("a: 1 # c\n b\n", "NG1001 2:2"),
        // indentation and lists
        ("a:\n  b: 1\n c: 2\n", "NG1001 3:2"),
        ("a:\n  b: 1\n   c: 2\n", "NG1001 3:4"),
        ("a:\n    b: {}\n  c: {}\n", "NG1001 3:3"),
        ("- a\nb: c\n", "NG1016 1:1"),
        ("a: 1\n- b\n", "NG1001 2:1"),
        ("a:\n  - b\n - c\n", "NG1001 3:2"),
        ("a:\n  - b\n  c: d\n", "NG1001 3:3"),
        ("a: - b\n", "NG1001 1:4"),
        ("a: -\n", "NG1001 1:4"),
        ("a: ? b\n", "NG1001 1:4"),
        ("a:\n\tb: c\n", "NG1009 2:1"),
        ("a:\n  b: c\n \td: e\n", "NG1009 3:2"),
        ("a:\n\tb: c\n\td: e\n\tf: [\n", "NG1009 2:1"),
        ("\ta: b\n", "NG1009 1:1"),
        ("a:\n  - b\n\t- c\n", "NG1009 3:1"),
        ("a: |2\n" + new string(' ', 3000) + "x\nb: 1\n", "NG1010 2:1001"),
        // characters that begin no value
        ("a: @x\n", "NG1001 1:4"),
        ("a: `x`\n", "NG1001 1:4"),
        ("a: %x\n", "NG1001 1:4"),
        ("a: [@x]\n", "NG1001 1:5"),
        ("@a: b\n", "NG1001 1:1"),
        ("a: !\n", "NG1012 1:4"),
        ("a: !x\n", "NG1012 1:4"),
        ("a: ! b\n", "NG1012 1:4"),
        ("a: !!str b\n", "NG1012 1:4"),
        ("a: !<:> b\n", "NG1012 1:4"),
        ("a: !foo!bar x\n", "NG1012 1:4"),
        ("a: !{{x}} y\n", "NG1012 1:4"),
        ("a: !!set {b, c}\n", "NG1012 1:4, NG1020 1:11, NG1020 1:14"),
        ("!x a: b\n", "NG1012 1:1"),
        ("!!map\na: b\n", "NG1012 1:1"),
        ("a: &x b\n", "NG1005 1:4"),
        ("a: &x\n  b: c\n", "NG1005 1:4"),
        ("a: &x [b]\nc: *x\n", "NG1005 1:4, NG1005 2:4"),
        ("a: &x !t b\n", "NG1005 1:4, NG1012 1:7"),
        ("a: !t &x b\n", "NG1012 1:4, NG1005 1:7"),
        ("&x a: b\n", "NG1005 1:1"),
        ("a: &\n", "NG1005 1:4"),
        ("a: *\n", "NG1005 1:4"),
        ("a: *x\n", "NG1005 1:4"),
        ("a: [*x, *y]\n", "NG1005 1:5, NG1005 1:9"),
        ("a: *.log\n", "NG1005 1:4"),
        ("a: **/cache\n", "NG1005 1:4"),
        ("*x : a\n", "NG1005 1:1"),
        ("a: 1\n*b\n", "NG1005 2:1"),
        ("*x\n", "NG1005 1:1"),
        // templates
        ("a: {{ x }}\n", "NG1013 1:4"),
        ("a: {{ x }}/foo\n", "NG1013 1:4"),
        ("a: [{{ x }}]\nb: no\n", "NG1013 1:5, NG1011 2:4"),
        ("a:\n  {% if x %}\n  b: c\n", "NG1013 2:3"),
        ("{{ x }}: b\n", "NG1013 1:1"),
        // keys
        ("? [a, b]\n: c\n", "NG1013 1:3"),
        ("? {a: b}\n: c\n", "NG1013 1:3"),
        ("[a, b]: c\n", "NG1013 1:1"),
        ("{a: b}: c\nd: e\n", "NG1013 1:1"),
        (": b\n", "NG1013 1:1"),
        ("a: 1\n: b\n", "NG1013 2:1"),
        ("a: {b: c, : d}\n", "NG1013 1:11"),
        ("\"\": b\n", "NG1013 1:1"),
        ("~: b\n", "NG1013 1:1"),
        ("null: b\n", "NG1013 1:1"),
        ("a:\n  <<: {b: c}\n", "NG1006 2:3"),
        ("a: &x {b: c}\nd:\n  <<: *x\n", "NG1005 1:4, NG1006 3:3"),
        ("a:\n  <<: [*x, *y]\n", "NG1006 2:3"),
        ("? |\n  a\n: b\n", "NG1014 1:3"),
        ("a: 1\na: 2\n", "NG1004 2:1"),
        ("a: {b: 1, b: 2, b: 3}\n", "NG1004 1:11, NG1004 1:17"),
        ("a: 1\n\"a\": 2\n", "NG1004 2:1"),
        ("a: {}\na: {}\n", "NG1004 2:1"),
        // values
        ("a:\n", "NG1020 1:1"),
        ("a:", "NG1020 1:1"),
        ("a: ~\n", "NG1020 1:4"),
        ("a: null\nb: Null\nc: NULL\n", "NG1020 1:4, NG1020 2:4, NG1020 3:4"),
        ("a:\n  -\n  - b\n", "NG1020 2:3"),
        ("a:\n  - ~\n", "NG1020 2:5"),
        ("a: {b}\n", "NG1020 1:5"),
        ("a: {b, c: d}\n", "NG1020 1:5"),
        ("a: {b: }\n", "NG1020 1:5"),
        ("a: # b\nc: d\n", "NG1020 1:1"),
        ("a: |\n  b\n", "NG1014 1:4"),
        ("a: >\n  b\n", "NG1014 1:4"),
        ("a: >-\n  b\n\n  c\n", "NG1014 1:4"),
        ("a: |x\n  b\n", "NG1001 1:4"),
        ("a: >0\n  b\n", "NG1001 1:4"),
        ("a: b\tc\n", "NG1014 1:5"),
        ("a: \"b\\tc\"\n", "NG1014 1:4"),
        ("a: \"b\\u0007c\"\n", "NG1014 1:4"),
        ("a: \"b\\0c\"\n", "NG1014 1:4"),
        ("a: \"b\\x85c\"\n", "NG1014 1:4"),
        ("a: \"b\\u202Ec\"\n", "NG1014 1:4"),
        ("a: b\u0007c\n", "NG1014 1:5"),
        ("a: b\u007fc\nd: e\u0085f\ng: no\n", "NG1014 1:5, NG1014 2:5, NG1011 3:4"),
        ("a: b\u2028c\nd: no\n", "NG1014 1:5, NG1011 2:4"),
        ("a: \"b\u202ec\"\n", "NG1014 1:6"),
        ("a: \"b\u2066c\"\n", "NG1014 1:6"),
        ("# b\u202ec\na: b\n", "NG1014 1:4"),
        ("a\u0007b: c\n", "NG1014 1:2"),
        ("\"a\\nb\": c\n", "NG1014 1:1"),
        ("a: b\ufeffc\n", "NG1014 1:5"),
        // whole files
        ("", "NG1002 1:1"),
        ("\n\n", "NG1002 1:1"),
        ("# only\n# comments\n", "NG1002 1:1"),
        ("---\n", "NG1002 1:1"),
        ("--- # c\n...\n", "NG1002 1:1"),
        ("~\n", "NG1002 1:1"),
        ("...\na: 1\n", "NG1001 1:1"),
        ("a: 1\n...\nb: 2\n", "NG1007 3:1"),
        ("a: 1\n---\nb: 2\n", "NG1007 2:1"),
        ("a: 1\n---\n", "NG1007 2:1"),
        ("---\n---\na: 1\n", "NG1007 2:1"),
        ("a: 1\n---\nb: 2\n---\nc: [\n", "NG1007 2:1"),
        ("a: 1\n... x\n", "NG1001 2:1"),
        ("%YAML 1.2\n---\na: 1\n", "NG1001 1:1"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "NG1001 1:1"),
        ("a: 1\n%foo bar: 2\nb: 3\n", "NG1001 2:1"),
        ("- a\n- b\n", "NG1016 1:1"),
        ("hello\n", "NG1016 1:1"),
        ("\"hello\"\n", "NG1016 1:1"),
        ("[]\n", "NG1016 1:1"),
        ("]\n", "NG1001 1:1"),
        ("}\n", "NG1001 1:1"),
        ("{\n", "NG1001 1:1"),
        ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n", "NG1001 1:1"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "NG1001 2:1"),
        ("{\"a\": 1,}\n{", "NG1001 2:1"),
        ("<?xml version=\"1.0\"?>\n<a/>\n", "NG1016 1:1"),
        ("{ pkgs, ... }:\n{\n  services.restic = { };\n}\n", "NG1013 1:1, NG1001 3:3"),
        // words of two meanings
        ("a: no\n", "NG1011 1:4"),
        ("a: [yes, On, OFF, y, N, True, FALSE]\n", "NG1011 1:5, NG1011 1:10, NG1011 1:14, NG1011 1:19, NG1011 1:22, NG1011 1:25, NG1011 1:31"),
        ("on: b\n", "NG1011 1:1"),
        ("a: 03:00\n", "NG1011 1:4"),
        ("a: 1.10\n", "NG1011 1:4"),
        ("1_000: x\n", "NG1011 1:1"),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Findings_stand_where_the_mistake_is(int row)
    {
        var (text, expected) = Table[row];

        Assert.Equal(expected, Yaml.Places(text));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Windows_line_ends_change_nothing(int row)
    {
        var (text, expected) = Table[row];

        Assert.Equal(expected, Yaml.Places(text.Replace("\n", "\r\n")));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Messages_are_for_people(int row)
    {
        foreach (var finding in Yaml.Read(Table[row].Text).Findings)
        {
            Assert.DoesNotContain("While ", finding.Message);
            Assert.DoesNotContain("expected <", finding.Message);
            Assert.DoesNotContain("scalar", finding.Message + finding.Help);
            Assert.NotEqual(finding.Code.Remedy, finding.Code == Codes.BrokenYaml ? finding.Help : "");
        }
    }
}
