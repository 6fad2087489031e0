using System.Diagnostics;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>
/// A client whose server ends, or whose connection is cut, goes on at another server of the cluster with its session, ephemerals and watches,
/// while a client of another server writes. That one does not even notice: not when the leader ends, as an ensemble's clients do.
/// </summary>
[Collection<TargetCollection>]
public sealed class MovingClientTests(TargetServers servers, CClientTests.Program program) : IClassFixture<CClientTests.Program>
{
    private readonly string _path = $"/moving-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("kazoo", "leader")]
    [InlineData("kazoo", "follower")]
    [InlineData("C", "leader")]
    [InlineData("C", "follower")]
    public async Task ClientOfAServerThatEndsGoesOnAtAnother(string client, string mode)
    {
        Assert.SkipWhen(mode == "leader" && !servers.Cluster.IsOurs, "When an ensemble's leader ends, all clients lose their connection.");
        var byMode = await servers.Cluster.LeaderFirstAsync();
        ServerProcess[] order = mode == "leader" ? [.. byMode] : [.. byMode.Reverse()];
        var hosts = string.Join(',', order.Select(server => server.ConnectString));
        await using var processes = new KazooProcesses();
        var process = client == "C"
            ? processes.StartProgram(program.PathOf("moving"), hosts, _path)
            : processes.Start("moving.py", hosts, _path, "wait");
        Assert.Equal($"at {order[0].ConnectString}", await KazooProcesses.ReadLineAsync(process));

        await order[0].TerminateAsync();
        try
        {
            await process.StandardInput.WriteLineAsync();
            await AssertMovedAsync(process);
        }
        finally
        {
            await order[0].StartAsync();
        }
    }

    [Fact]
    public async Task ClientWhoseConnectionIsCutGoesOnAtAnother()
    {
        await using var processes = new KazooProcesses();
        var process = processes.Start("moving.py", servers.ConnectString(Target.Cluster), _path, "cut");
        Assert.StartsWith("at ", await KazooProcesses.ReadLineAsync(process), StringComparison.Ordinal);
        await AssertMovedAsync(process);
    }

    private async Task AssertMovedAsync(Process process)
    {
        var noticed = await KazooProcesses.ReadLineAsync(process);
        Assert.StartsWith("others noticed: ", noticed, StringComparison.Ordinal);
        if (servers.Cluster.IsOurs)
            Assert.Equal("others noticed: False", noticed);
        Assert.Equal("ok", await KazooProcesses.ReadLineAsync(process));
    }
}
