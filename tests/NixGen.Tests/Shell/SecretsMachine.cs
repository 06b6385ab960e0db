using System.Globalization;
using System.Text;

namespace NixGen.Tests.Shell;

/// <summary>Runs the script of a secrets unit against a stand-in for <c>op</c>, or with the credentials that systemd would bring.</summary>
internal sealed class SecretsMachine : Machine
{
    public const string Token = "ops_eyJ0b2tlbiI6InNlY3JldCJ9+/=";

    private readonly string _script;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public SecretsMachine(GeneratedScripts scripts, string unit) : base(scripts)
    {
        _script = scripts.Main(unit);
        foreach (var program in new[] { "cmp", "diff", "diff3", "sdiff" }.Where(program => Tool.Find(program) is not null))
            File.CreateSymbolicLink(At("path", program), Tool.Require(program));
        Directory.CreateDirectory(At("op"));
        Stub("path/systemctl", "printf '%s\\n' \"$*\" >>$machine/systemctl; [[ ! -e $machine/systemctl-fails ]]");
        // Nobody waits for a test; the time-out of 20 seconds becomes one of a quarter.
        Stub("path/sleep", "printf '%s\\n' \"$*\" >>$machine/sleeps");
        Stub("path/timeout", $"""
            printf '%s\n' "$*" >>$machine/timeouts
            [[ $1 == --kill-after=5 && $2 == 20 ]] || exit 125
            exec {Tool.Require("timeout")} --kill-after=5 0.25 "${"{@:3}"}"
            """);
        Stub("op", Op);
        Write("credentials/op-token", Token + "\n");
    }

    // It calls no program, so that it sees the environment of the unit and nothing of its own.
    private static readonly string Op = $$"""
        op=$machine/op
        printf '%s\n' "$*" >>$op/argv
        token=bad
        if [[ ${OP_SERVICE_ACCOUNT_TOKEN-} == '{{Token}}' ]]; then token=good; fi
        home=bad
        if [[ -d $HOME && $HOME == "$RUNTIME_DIRECTORY"/.new.*/home ]]; then home=good; fi
        echo "token=$token home=$home cache=$OP_CACHE host=${OP_CONNECT_HOST-none} connect=${OP_CONNECT_TOKEN-none}" >>$op/environment
        fail() {
          echo "[ERROR] 2026/01/01 00:00:00 $1" >&2
          exit 1
        }
        if [[ $token == bad ]]; then fail 'no account'; fi
        if [[ $# != 3 || $1 != read || $2 != --no-newline ]]; then fail 'unknown command'; fi
        name=${3//\//_}
        fault=none
        if [[ -e $op/fault ]]; then fault=$(<$op/fault); fi
        IFS= read -r -d '' value <"$op/value.$name"
        case $fault in
          network) fail 'dial tcp: lookup my.1password.com: no such host' ;;
          rate-limit) fail '(429) Too Many Requests: You have reached the rate limit' ;;
          hang) exec {{Tool.Require("sleep")}} 300 ;;
          empty) exit 0 ;;
          tab) printf 'a\tb' ;;
          lines) printf 'a\nb' ;;
          return) printf 'a\r' ;;
          nul) printf 'a\0b' ;;
          escape) printf '\033[0m' ;;
          latin-1) printf 'gr\374n' ;;
          partial)
            printf '%s' "${value:0:3}"
            exit 1
            ;;
          call-*)
            calls=0
            if [[ -e $op/calls ]]; then calls=$(<$op/calls); fi
            echo $((calls + 1)) >$op/calls
            if [[ $((calls % 3 + 1)) == "${fault#call-}" ]]; then fail 'server error'; fi
            printf '%s' "$value"
            ;;
          once)
            if [[ ! -e $op/failed ]]; then
              : >$op/failed
              fail 'server error'
            fi
            printf '%s' "$value"
            ;;
          field-*)
            if [[ $3 == */"${fault#field-}" ]]; then fail "item doesn't have a field"; fi
            printf '%s' "$value"
            ;;
          *) printf '%s' "$value" ;;
        esac
        """;

    /// <summary>What <c>op</c> answers.</summary>
    public void Answer(string reference, string value)
    {
        _values[reference] = value;
        Write($"op/value.{reference.Replace('/', '_')}", value + "\0");
    }

    /// <summary>What systemd puts beside the unit.</summary>
    public void Credential(string name, string value)
    {
        _values[name] = value;
        Write($"credentials/{name}", value);
    }

    public void Fault(string fault)
    {
        File.Delete(At("op", "calls"));
        Write("op/fault", fault);
    }

    public ToolResult Fetch(IEnumerable<(string Name, string Value)>? environment = null, params ReadOnlySpan<string> through) =>
        Run(_script, environment, through);

    /// <summary>How often <c>op</c> was called.</summary>
    public int Calls => Lines("op/argv").Length;

    public string[] Lines(string log) => Read(log).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public bool HasSet => Directory.Exists(At("run", "current"));

    /// <summary>A file of the set in use.</summary>
    public string Get(string file) => Read($"run/current/{file}");

    /// <summary>Everything in the set in use, by name, without when it was fetched.</summary>
    public string Set => HasSet
        ? string.Join('\n', Directory.GetFiles(At("run", "current"))
            .Where(file => Path.GetFileName(file) != "fetched-at")
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}: {Convert.ToBase64String(File.ReadAllBytes(file))}"))
        : "none";

    /// <summary>As if the set had been fetched so long ago.</summary>
    public void MakeOlder(TimeSpan age) => File.WriteAllText(
        At("run", "current", "fetched-at"),
        (DateTimeOffset.UtcNow - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + "\n");

    /// <summary>Only the set in use is there: nothing unfinished, nothing old.</summary>
    public void AssertNothingLeft()
    {
        var entries = Directory.GetFileSystemEntries(At("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Collection(
            entries,
            entry => Assert.Equal("current", entry),
            entry => Assert.Equal(entry, new DirectoryInfo(At("run", "current")).LinkTarget));
    }

    /// <summary>No secret and no token stands in what was printed, or in the arguments of a program.</summary>
    public void AssertNothingLeaks(params IEnumerable<ToolResult> results)
    {
        var seen = string.Concat(results.Select(result => result.Output + result.Error))
            + Read("op/argv") + Read("systemctl") + Read("sleeps") + Read("timeouts") + Read("argv");
        foreach (var secret in _values.Values.Append(Token).Select(value => value.Trim('\n')).Where(value => value.Length > 2))
            Assert.DoesNotContain(secret, seen);
    }

    /// <summary>
    /// The PATH in <see cref="Wrapped"/>, whose programs record their arguments and environment and can kill everything at the n-th call.
    /// </summary>
    public void WrapPath()
    {
        Directory.CreateDirectory(At("count"));
        Directory.CreateDirectory(At("wrapped"));
        foreach (var name in Directory.GetFiles(At("path")).Select(Path.GetFileName))
        {
            _ = Write($"wrapped/{name}", $$"""
                #!{{Bash}}
                machine={{At()}}
                printf '%s\n' "{{name}} $*" >>$machine/argv
                if [[ -v OP_SERVICE_ACCOUNT_TOKEN ]]; then echo {{name}} >>$machine/with-token; fi
                # Each call gets a number of its own, also the two of a pipe.
                count=1
                set -o noclobber
                until { : >$machine/count/$count; } 2>/dev/null; do count=$((count + 1)); done
                set +o noclobber
                kill=never
                if [[ -e $machine/kill ]]; then kill=$(<$machine/kill); fi
                # The whole process group, as systemd kills all of a unit.
                if [[ $kill == "before $count" ]]; then builtin kill -9 0; fi
                if [[ $kill != "after $count" ]]; then exec $machine/path/{{name}} "$@"; fi
                $machine/path/{{name}} "$@"
                builtin kill -9 0

                """);
        }

        ToolProcess.Run("cp", ["-r", At("wrapped"), At("wrapped.new")]).Succeeded();
        ToolProcess.Run("chmod", ["-R", "0755", At("wrapped.new")]).Succeeded();
        Directory.Delete(At("wrapped"), recursive: true);
        Directory.Move(At("wrapped.new"), At("wrapped"));
    }

    public (string Name, string Value)[] Wrapped => [("PATH", At("wrapped"))];

    /// <summary>How many programs were called; counts anew from here on.</summary>
    public int TakeCount()
    {
        var count = Directory.GetFiles(At("count")).Length;
        Directory.Delete(At("count"), recursive: true);
        Directory.CreateDirectory(At("count"));
        return count;
    }

    /// <summary>Which programs were called with the token in their environment.</summary>
    public IEnumerable<string> WithToken => Lines("with-token").Distinct();

    /// <summary>Reads an environment file as a shell does that sources it.</summary>
    public IReadOnlyDictionary<string, byte[]> Source(string file)
    {
        // What the shell itself exports does not count.
        var result = Execute(
            [Bash, "--norc", "-c", """
            set -a
            before=" before name $(compgen -A export | tr '\n' ' ') "
            source "$1"
            for name in $(compgen -A export); do
              case $before in *" $name "*) ;; *) printf '%s=%s\0' "$name" "${!name}" ;; esac
            done
            """, "bash", At(file)],
            [("LC_ALL", "C")]).Succeeded();
        Assert.Equal("", result.Error);
        return Split(result.OutputBytes).ToDictionary(
            pair => Encoding.Latin1.GetString(pair.AsSpan(0, Array.IndexOf(pair, (byte)'='))),
            pair => pair[(Array.IndexOf(pair, (byte)'=') + 1)..]);
    }

    private static IEnumerable<byte[]> Split(byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)0, start);
            yield return bytes[start..end];
            start = end + 1;
        }
    }
}
