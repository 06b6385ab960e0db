namespace NixGen.Tests.Shell;

/// <summary>Units are stopped for a backup if they run, and exactly these are started again, whatever happens.</summary>
public sealed class StopTests : IDisposable
{
    private readonly DatabaseMachine _machine = new(DatabaseMachine.Cellar);

    public StopTests()
    {
        _machine.Stub("path/systemctl", """
            printf '%s\n' "$*" >>$machine/calls
            command=$1
            shift
            unit=${!#}
            code=0
            case $command in
              show) if [[ -e $machine/units/$unit ]]; then echo loaded; else echo not-found; fi ;;
              is-active)
                state=$(cat $machine/units/$unit 2>/dev/null || echo inactive)
                [[ $1 == --quiet ]] || echo "$state"
                [[ $state == active || $state == reloading ]] || code=3
                ;;
              stop)
                for unit; do
                  if [[ -e $machine/sticks ]]; then code=1; elif [[ ! -e $machine/comes-back ]]; then echo inactive >$machine/units/$unit; fi
                done
                ;;
              start)
                for unit; do
                  if [[ -e $machine/sticks ]]; then code=1; fi
                  echo active >$machine/units/$unit
                done
                ;;
            esac
            exit $code
            """);
    }

    public void Dispose() => _machine.Dispose();

    [ToolTheory(Nix.Program, "bash", "setpriv", "flock", "exch")]
    [InlineData("active", "active", "inactive")]
    [InlineData("inactive", "active", "failed")]
    [InlineData("active", "activating", "active")]
    [InlineData("reloading", "inactive", "deactivating")]
    [InlineData("inactive", "failed", "inactive")]
    public void What_runs_is_stopped_and_started_again_and_nothing_else(string socket, string service, string web)
    {
        (string Unit, string State)[] units = [("ledger.socket", socket), ("ledger.service", service), ("ledger-web.service", web)];
        Units(units);
        var running = string.Join(' ', units.Where(unit => unit.State is not ("inactive" or "failed")).Select(unit => unit.Unit));
        Stop().Succeeded();
        Assert.True(File.Exists(Stamp));
        Assert.Equal(running.Length > 0 ? [$"stop {running}"] : [], Calls("stop"));
        Assert.All(units, unit => Assert.Contains(_machine.Read("units/" + unit.Unit).Trim(), new[] { "inactive", "failed" }));

        Start().Succeeded();
        Assert.Equal(running.Length > 0 ? [$"start {running}"] : [], Calls("start"));
        Assert.All(units, unit => Assert.Equal(
            running.Split(' ').Contains(unit.Unit) ? "active" : unit.State,
            _machine.Read("units/" + unit.Unit).Trim()));
    }

    [ToolFact(Nix.Program, "bash", "setpriv", "flock", "exch")]
    public void What_does_not_stop_fails_and_is_started_again()
    {
        Units(("ledger.socket", "inactive"), ("ledger.service", "active"), ("ledger-web.service", "active"));
        _machine.Write("sticks", "");
        var result = Stop();
        Assert.Equal((1, "<3>ledger: not everything could be stopped\n"), (result.ExitCode, result.Error));
        Assert.False(File.Exists(Stamp));
        // systemd shows a failed start as a failed unit.
        Assert.Equal(1, Start().ExitCode);
        Assert.Equal(["start ledger.service ledger-web.service"], Calls("start"));
    }

    [ToolFact(Nix.Program, "bash", "setpriv", "flock", "exch")]
    public void What_comes_back_at_once_fails()
    {
        Units(("ledger.socket", "inactive"), ("ledger.service", "active"), ("ledger-web.service", "inactive"));
        _machine.Write("comes-back", "");
        var result = Stop();
        Assert.Equal((1, "<3>ledger: ledger.service runs again: name what starts it, such as its socket, in units, too\n"), (result.ExitCode, result.Error));
        Assert.False(File.Exists(Stamp));
        Start().Succeeded();
        Assert.Equal(["start ledger.service"], Calls("start"));
    }

    [ToolFact(Nix.Program, "bash", "setpriv", "flock", "exch")]
    public void A_unit_that_does_not_exist_fails_before_anything_is_stopped()
    {
        Units(("ledger.socket", "active"), ("ledger.service", "active"));
        var result = Stop();
        Assert.Equal((1, "<3>ledger: there is no unit ledger-web.service\n"), (result.ExitCode, result.Error));
        Assert.False(File.Exists(Stamp));
        Start().Succeeded();
        Assert.Empty(Calls("stop"));
        Assert.Empty(Calls("start"));
    }

    private string Stamp => _machine.At("run", "done");

    private void Units(params (string Name, string State)[] units)
    {
        foreach (var (name, state) in units)
            _machine.Write("units/" + name, state + "\n");
    }

    private ToolResult Stop() => _machine.RunCommand(DatabaseMachine.Cellar.Units["homelab-stop-ledger"].Commands[0]);

    private ToolResult Start() => _machine.RunCommand(DatabaseMachine.Cellar.Units["homelab-stop-ledger"].After[0]);

    private IEnumerable<string> Calls(string command) =>
        _machine.Read("calls").Split('\n').Where(call => call.StartsWith(command + " ", StringComparison.Ordinal));
}
