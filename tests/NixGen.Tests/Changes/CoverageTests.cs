using System.Text;
using NixGen.Changes;
using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Changes;

/// <summary>backups.json says all that it is measured by, and nothing is taken for less than it says.</summary>
public sealed class CoverageTests
{
    private const string Inventory = """
        retired:
          - { service: old, date: "2025-01-31", reason: "Ünused «\\»" }
          - { path: /srv/x, destination: d, date: "2025-01-31", reason: "moved" }
          - { destination: tape, date: "2025-01-31", reason: "gone" }
        destinations:
          d: { repository: /mnt/d, secrets: s, schedule: { calendar: "03:00", randomizedDelay: 90s }, retention: { daily: 7 } }
          e: { repository: b2:e, secrets: e, schedule: "04:00", retention: keep-all }
        secrets:
          s: { files: { RESTIC_PASSWORD: /etc/s, BACKREST_PASSWORD: /etc/t } }
          e: { onePassword: { vault: V, item: I, fields: { RESTIC_PASSWORD: a, B2_ACCOUNT_ID: b, B2_ACCOUNT_KEY: c } } }
        hosts:
          h:
            onePassword: { tokenFile: /etc/token }
            backrest: { secrets: s }
            destinations: [d, e]
            missing: refuse
            services:
              a: { backupPaths: [/srv/a, { path: "/srv/ö \"q\"", optional: true }], backupExcludes: ["*.tmp"], databases: { sqlite: [/srv/a/a.db], mariadb: [a] } }
              b: { backupPaths: [/srv/b], units: [b], stop: true, drill: false }
              c: { noBackup: "Nothing: \"kept\"" }
        """;

    private static readonly string Text = CoverageWriter.Text(Coverage.Of(Fleets.Plan(Inventory).Single()));

    [Fact]
    public void What_was_written_is_read()
    {
        Assert.Equal(Text, CoverageWriter.Text(Fleets.Read(Text, "h")));
        Assert.Empty(Fleets.Compare(Inventory, Inventory));
        Assert.True(Header.IsIn(Encoding.UTF8.GetBytes(Text)));
        Assert.DoesNotContain("a.db-wal", Text);
    }

    public static TheoryData<string> Inventories() => [.. CaseTests.All.Where(name => !name.StartsWith("finds-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Inventories))]
    public void Whatever_an_inventory_says_is_read_again(string name)
    {
        var files = Outcome.Of(RepositoryRoot.At("tests/NixGen.Tests/Cases/" + name)).Files.Where(file => file.Path.EndsWith("/backups.json", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(file.Text, CoverageWriter.Text(Fleets.Read(file.Text, file.Path.Split('/')[0]))));
    }

    [Fact]
    public void What_is_cut_off_anywhere_is_damaged()
    {
        var utf8 = Encoding.UTF8.GetBytes(Text);
        for (var length = 0; length < utf8.Length - 1; length++)
            Assert.Equal(Codes.CannotCompare, CoverageReading.Of(utf8[..length], "h").Code);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "NG4010")]
    [InlineData("\"format\": 1", "\"format\": 0", "NG5002")]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "NG5002")]
    [InlineData("\"format\": 1,", "", "NG5002")]
    [InlineData("\"host\": \"h\"", "\"host\": \"i\"", "NG5002")]
    [InlineData("\"jobs\": [\n", "\"jobs\": [ 1,\n", "NG5002")]
    [InlineData("\"/srv/a\": \"required\"", "\"srv/a\": \"required\"", "NG5002")]
    [InlineData("\"/srv/a\": \"required\"", "\"/srv/a\": \"maybe\"", "NG5002")]
    [InlineData("\"excludes\"", "\"exclude\"", "NG5002")]
    [InlineData("\"services\"", "\"paths\": {}, \"services\"", "NG5002")]
    [InlineData("\"host\": \"h\",", "\"host\": \"h\", \"host\": \"h\",", "NG5002")]
    [InlineData("\"destination\": \"e\"", "\"destination\": \"f\"", "NG5002")]
    [InlineData("\"randomizedDelay\": 90", "\"randomizedDelay\": -1", "NG5002")]
    [InlineData("\"daily\": 7", "\"daily\": 7.5", "NG5002")]
    [InlineData("\"keep-all\"", "\"keep-none\"", "NG5002")]
    [InlineData("*-*-* 03:00:00", "nightly", "NG5002")]
    [InlineData("mariadb:a", "oracle:a", "NG5002")]
    [InlineData("\"date\": \"2025-01-31\"", "\"date\": \"2025-01-32\"", "NG5002")]
    [InlineData("  \"services\"", "<<<<<<< ours\n  \"services\"", "NG5002")]
    public void What_NixGen_did_not_write_so_is_refused(string from, string to, string code)
    {
        Assert.Contains(from, Text);
        var reading = CoverageReading.Of(Encoding.UTF8.GetBytes(Text.Replace(from, to, StringComparison.Ordinal)), "h");
        Assert.Null(reading.Coverage);
        Assert.Equal(code, reading.Code!.Id);
    }

    [Fact]
    public void What_is_no_text_is_refused()
    {
        Assert.Equal(Codes.CannotCompare, CoverageReading.Of([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "h").Code);
        Assert.Equal(Codes.CannotCompare, CoverageReading.Of("[]"u8.ToArray(), "h").Code);
        Assert.Equal(Codes.CannotCompare, CoverageReading.Of("null"u8.ToArray(), "h").Code);
    }
}
