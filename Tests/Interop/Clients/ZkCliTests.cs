using System.Text.RegularExpressions;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>ZooKeeper's own shell prints the same for both servers, but for times, zxids and session ids.</summary>
[Collection<TargetCollection>]
public sealed partial class ZkCliTests(TargetServers servers)
{
    private const string Shell = "/usr/share/zookeeper/bin/zkCli.sh";

    [Theory]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task EveryCommandPrintsTheSame(Target target)
    {
        Assert.SkipWhen(target == Target.Cluster && !servers.Cluster.IsOurs, "An ensemble's config names its servers; ours has none, as one server.");
        var commands = await File.ReadAllTextAsync(ClientProcess.SourceFile("ZkCli", "commands.txt"));
        var reference = await RunAsync(Target.ZooKeeper, commands);
        var ours = await RunAsync(target, commands);
        Assert.Contains("[c, e, s-0000000000, s-0000000004, t]", reference.Output, StringComparison.Ordinal);
        Assert.Contains("Created /zk/s-0000000004", reference.Errors, StringComparison.Ordinal);
        Assert.Equal(Printed(reference.Output), Printed(ours.Output));
        Assert.Equal(Events(reference.Output), Events(ours.Output));
        Assert.Equal(Printed(reference.Errors), Printed(ours.Errors));
    }

    private async Task<ClientOutput> RunAsync(Target target, string commands)
    {
        var output = await ClientProcess.RunAsync(Shell, ["-server", servers.ConnectString(target)], commands);
        Assert.Equal(0, output.ExitCode);
        return output;
    }

    /// <summary>Without the events, which another thread prints whenever they come.</summary>
    private static string Printed(string output) => string.Join('\n', output.Split('\n')
        .Where(line => line.Length > 0 && !line.StartsWith("WATCHER", StringComparison.Ordinal) && !IsEvent(line))
        .Where(line => !line.Contains("Connecting to", StringComparison.Ordinal))
        .Select(line => Hexadecimal().Replace(Time().Replace(line, "$1 = <time>"), "<number>")));

    /// <summary>
    /// Each watch tells what happened in order; the order of a client's own messages about removed watches is open, and whether it still
    /// prints that it closes.
    /// </summary>
    private static IEnumerable<string> Events(string output) => output.Split('\n')
        .Where(line => IsEvent(line) && !line.Contains("state:Closed", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static bool IsEvent(string line) => line.StartsWith("WatchedEvent", StringComparison.Ordinal);

    [GeneratedRegex("([cm]time) = .*")]
    private static partial Regex Time();

    [GeneratedRegex("0x[0-9a-f]*[1-9a-f][0-9a-f]*")]
    private static partial Regex Hexadecimal();
}
