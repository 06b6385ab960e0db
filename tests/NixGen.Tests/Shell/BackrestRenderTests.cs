using System.Text;
using System.Text.Json;

namespace NixGen.Tests.Shell;

/// <summary>The configuration that Backrest starts with: whole, readable by it alone, and with passwords as hashes only.</summary>
public class BackrestRenderTests
{
    private const string Password = "pass \"w\\ord $x ü";

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    public void The_configuration_is_whole()
    {
        using var machine = new BackrestMachine();
        var result = machine.Render(Password).Succeeded();
        Assert.Equal(("", ""), (result.Output, result.Error));
        var root = Configuration(machine);
        Assert.Equal(6, root.GetProperty("version").GetInt32());
        Assert.Equal("homelab", root.GetProperty("instance").GetString());

        var repository = Assert.Single(root.GetProperty("repos").EnumerateArray());
        Assert.Equal("b2:javiersc-backup:restic", repository.GetProperty("uri").GetString());
        Assert.Matches("^[0-9a-f]{64}$", repository.GetProperty("guid").GetString());
        Assert.Equal(
            ["B2_ACCOUNT_ID=${b2_B2_ACCOUNT_ID}", "B2_ACCOUNT_KEY=${b2_B2_ACCOUNT_KEY}", "RESTIC_PASSWORD=${b2_RESTIC_PASSWORD}"],
            repository.GetProperty("env").EnumerateArray().Select(line => line.GetString()));
        Assert.False(repository.TryGetProperty("autoInitialize", out _));
        foreach (var policy in new[] { "forgetPolicy", "prunePolicy", "checkPolicy" })
            Assert.True(repository.GetProperty(policy).GetProperty("schedule").GetProperty("disabled").GetBoolean());

        var plan = Assert.Single(root.GetProperty("plans").EnumerateArray());
        Assert.Equal(("b2", "b2"), (plan.GetProperty("id").GetString(), plan.GetProperty("repo").GetString()));
        Assert.Equal(GeneratedScripts.Homelab.Backups["b2"].Paths, plan.GetProperty("paths").EnumerateArray().Select(path => path.GetString()));
        Assert.True(plan.GetProperty("schedule").GetProperty("disabled").GetBoolean());
        Assert.True(plan.GetProperty("retention").GetProperty("policyKeepAll").GetBoolean());
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    public void Only_its_user_may_read_it_and_nobody_write()
    {
        using var machine = new BackrestMachine();
        machine.Render(Password).Succeeded();
        Assert.Equal("0500", Mode(machine.Moved("/run/backrest/rendered")));
        Assert.Equal(
            ["config.json 0400", "index.netrc 0400"],
            Directory.GetFiles(machine.Moved("/run/backrest/rendered")).Order().Select(file => $"{Path.GetFileName(file)} {Mode(file)}"));
        Assert.Equal("0600", Mode(machine.Moved("/var/lib/backrest/identity.json")));
        Assert.Empty(Directory.GetFileSystemEntries(machine.At("tmp")));
    }

    [ToolTheory(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    [InlineData(Password)]
    [InlineData("x")]
    [InlineData(" blanks around ")]
    [InlineData("-n")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012")]
    [InlineData("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü")]
    public void Both_users_can_log_in_with_their_passwords(string password)
    {
        using var machine = new BackrestMachine();
        var result = machine.Render(password).Succeeded();
        var users = Users(machine);
        Assert.Equal(["admin", "index"], users.Keys.Order());
        AssertVerifies(users["admin"], password);
        AssertVerifies(users["admin"], password[..^1] + "!", verifies: false);
        var netrc = File.ReadAllText(machine.Rendered("index.netrc"));
        Assert.Matches("^machine 127\\.0\\.0\\.1 login index password [A-Za-z0-9]{38,43}\n$", netrc);
        AssertVerifies(users["index"], netrc.TrimEnd().Split(' ')[^1]);

        Assert.StartsWith("$2b$10$", users["admin"]);
        Assert.Equal(["--method=bcrypt --rounds=10 --stdin", "--method=bcrypt --rounds=4 --stdin"], machine.Read("mkpasswd").TrimEnd().Split('\n'));
        Assert.Equal("", result.Output + result.Error);
        Assert.DoesNotContain(JsonSerializer.Serialize(password), File.ReadAllText(machine.Rendered("config.json")));
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    public void The_identity_is_made_once_and_the_index_password_each_time()
    {
        using var machine = new BackrestMachine();
        machine.Render(Password).Succeeded();
        var first = (Identity: Configuration(machine).GetProperty("sync").GetProperty("identity").GetRawText(), Netrc: File.ReadAllText(machine.Rendered("index.netrc")));
        machine.Render(Password).Succeeded();
        Assert.Equal(first.Identity, Configuration(machine).GetProperty("sync").GetProperty("identity").GetRawText());
        Assert.NotEqual(first.Netrc, File.ReadAllText(machine.Rendered("index.netrc")));

        using var other = new BackrestMachine();
        other.Render(Password).Succeeded();
        Assert.NotEqual(first.Identity, Configuration(other).GetProperty("sync").GetProperty("identity").GetRawText());
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    public void The_identity_is_a_pair_of_ed25519_keys_and_its_id_their_hash()
    {
        using var machine = new BackrestMachine();
        machine.Render(Password).Succeeded();
        var identity = Configuration(machine).GetProperty("sync").GetProperty("identity");
        var seed = Bytes(identity, "ed25519priv");
        var key = Bytes(identity, "ed25519pub");
        Assert.Equal((32, 32), (seed.Length, key.Length));
        // PKCS #8 around the seed; what openssl computes from it is the public key.
        byte[] pkcs8 = [.. Convert.FromHexString("302e020100300506032b657004220420"), .. seed];
        var computed = ToolProcess.Run("openssl", ["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], inputBytes: pkcs8).Succeeded().OutputBytes;
        Assert.Equal(key, computed[^32..]);
        var id = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(key)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        Assert.Equal("ed25519." + id, identity.GetProperty("keyId").GetString());

        static byte[] Bytes(JsonElement identity, string name) => Convert.FromBase64String(identity.GetProperty(name).GetString() + "=");
    }

    [ToolTheory(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    [InlineData(null, "No such file")]
    [InlineData("", "must have 1 to 72 bytes")]
    [InlineData("\n", "must have 1 to 72 bytes")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123", "must have 1 to 72 bytes")]
    [InlineData("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü", "must have 1 to 72 bytes")]
    public void Without_a_usable_password_there_is_no_configuration(string? password, string reason)
    {
        using var machine = new BackrestMachine();
        var result = machine.Render(password);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error);
        Assert.Empty(Directory.GetFiles(machine.Moved("/run/backrest"), "config*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFileSystemEntries(machine.At("tmp")));
    }

    [ToolTheory(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    [InlineData("mkpasswd")]
    [InlineData("jq")]
    [InlineData("openssl")]
    public void A_program_that_fails_leaves_no_configuration(string program)
    {
        using var machine = new BackrestMachine();
        File.Delete(machine.At("packages", "bin", program));
        machine.Stub(program, "printf half; exit 1");
        Assert.NotEqual(0, machine.Render(Password).ExitCode);
        Assert.False(File.Exists(machine.Rendered("config.json")));
        Assert.False(File.Exists(machine.Moved("/var/lib/backrest/identity.json")) && program == "openssl");
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd")]
    public void Several_destinations_keep_their_credentials_apart()
    {
        using var machine = new BackrestMachine(GeneratedScripts.Workshop);
        machine.Render(Password).Succeeded();
        var root = Configuration(machine);
        Assert.Equal(["cold-b2", "shelf"], root.GetProperty("repos").EnumerateArray().Select(repository => repository.GetProperty("id").GetString()).Order());
        var env = root.GetProperty("repos").EnumerateArray().SelectMany(repository => repository.GetProperty("env").EnumerateArray()).Select(line => line.GetString()).ToList();
        Assert.Contains("RESTIC_PASSWORD=${cold_b2_RESTIC_PASSWORD}", env);
        Assert.Contains("RESTIC_PASSWORD=${shelf_RESTIC_PASSWORD}", env);
        Assert.Equal(2, root.GetProperty("repos").EnumerateArray().Select(repository => repository.GetProperty("guid").GetString()).Distinct().Count());
        Assert.Equal(["index", "oneil"], Users(machine).Keys.Order());
        Assert.StartsWith("machine ::1 ", File.ReadAllText(machine.Rendered("index.netrc")));
    }

    private static JsonElement Configuration(BackrestMachine machine) => JsonDocument.Parse(File.ReadAllText(machine.Rendered("config.json"))).RootElement;

    private static Dictionary<string, string> Users(BackrestMachine machine) => Configuration(machine).GetProperty("auth").GetProperty("users").EnumerateArray()
        .ToDictionary(
            user => user.GetProperty("name").GetString()!,
            user => Encoding.ASCII.GetString(Convert.FromBase64String(user.GetProperty("passwordBcrypt").GetString()!)));

    /// <summary>crypt(3) with the hash as its setting gives the hash again.</summary>
    private static void AssertVerifies(string hash, string password, bool verifies = true)
    {
        Assert.Matches(@"^\$2b\$[0-9]{2}\$[./A-Za-z0-9]{53}$", hash);
        var computed = ToolProcess.Run("mkpasswd", [$"--salt={hash[..29]}", "--stdin"], password + "\n").Succeeded().Output.Trim();
        Assert.Equal(verifies, computed == hash);
    }

    private static string Mode(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8).PadLeft(4, '0');
}
