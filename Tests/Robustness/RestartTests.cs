using System.Net.Sockets;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>A server that is asked to end does so soon and in good order, and its sessions go on when it is back.</summary>
[Collection(Alone.Name)]
public sealed class RestartTests : RobustnessTest
{
    private const int Rounds = 3;
    private const int FewestOperations = 200;
    private const int MostOperations = 3_000;

    /// <summary>What the server says of a client that closed its connection before it was answered.</summary>
    private const string HungUp = "had closed its connection before";

    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AttachLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Termination_under_load_is_soon_and_leaves_nothing_half_done()
    {
        var silo = await StartSiloAsync();
        var random = new Random(Seed);
        await using var load = new LoadRun(silo.EndPoint, Seed);
        KeepOnFailure(load.History);
        await load.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await load.MakeProgressAsync(random.Next(FewestOperations, MostOperations));
            await silo.TerminateAsync(TerminationLimit);
            await silo.StartAsync();
        }

        await load.MakeProgressAsync(FewestOperations);
        await load.StopAsync();
        HistoryChecks.Verify(load.History, await load.AttachAndReadAsync());
    }

    [Fact]
    public async Task Sessions_ephemerals_and_watches_survive_a_restart()
    {
        var silo = await StartSiloAsync();
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await using var other = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        var id = session.Id;
        foreach (var path in new[] { "/changed", "/unchanged", "/parent", "/deleted" })
            await session.CreateAsync(path).OkAsync();
        await session.CreateAsync("/ephemeral", "mine", CreateMode.Ephemeral).OkAsync();
        var seen = session.LastZxid;

        await silo.TerminateAsync(TerminationLimit);
        await silo.StartAsync();
        using var limit = new CancellationTokenSource(AttachLimit);
        await other.AttachAsync(limit.Token);
        var ephemeral = (await other.GetDataAsync("/ephemeral")).Read<GetDataResponse>();
        Assert.Equal("mine", ephemeral.Text());
        Assert.Equal(id, ephemeral.Stat.EphemeralOwner);
        await other.SetDataAsync("/changed", "while away").OkAsync();
        await other.CreateAsync("/parent/child").OkAsync();
        await other.CreateAsync("/appeared").OkAsync();
        await other.DeleteAsync("/deleted").OkAsync();

        await session.AttachAsync(limit.Token);
        Assert.Equal(id, session.Id);
        var watches = new SetWatches(seen, ["/changed", "/unchanged", "/deleted"], ["/appeared", "/absent"], ["/parent"]);
        var reply = await session.SetWatchesAsync(watches).OkAsync();
        var missed = new List<(WatcherEventType, string?)>();
        for (var i = 0; i < 4; i++)
        {
            var missing = await session.NextEventAsync(EventLimit);
            missed.Add((missing.Event.Type, missing.Event.Path));
        }

        Assert.Equal(
            [
                (WatcherEventType.NodeCreated, "/appeared"),
                (WatcherEventType.NodeDataChanged, "/changed"),
                (WatcherEventType.NodeDeleted, "/deleted"),
                (WatcherEventType.NodeChildrenChanged, "/parent"),
            ],
            missed.OrderBy(missing => missing.Item2, StringComparer.Ordinal));
        Assert.Equal(4, reply.EventsBefore);

        await other.SetDataAsync("/unchanged", "now").OkAsync();
        (await session.NextEventAsync(EventLimit)).Is(WatcherEventType.NodeDataChanged, "/unchanged");
        await other.CreateAsync("/absent").OkAsync();
        (await session.NextEventAsync(EventLimit)).Is(WatcherEventType.NodeCreated, "/absent");
        await session.CloseAsync();
        await other.ExistsGoneAsync("/ephemeral");
    }

    [Fact]
    public async Task A_paused_server_answers_when_it_goes_on()
    {
        var silo = await StartSiloAsync();
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        silo.Pause();
        var create = session.CreateAsync("/sent-while-paused");
        var write = session.SetDataAsync("/sent-while-paused", "too");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(create.IsCompleted);
        silo.Resume();
        await create.WaitAsync(EventLimit).OkAsync();
        await write.WaitAsync(EventLimit).OkAsync();
    }

    [Fact]
    public async Task A_client_that_hung_up_while_the_server_stood_still_takes_its_session_from_nowhere()
    {
        ServerKind.RequireSilo("ZooKeeper attaches a session to a connection that is closed already, and closes the one that it had.");
        var silo = await StartSiloAsync();
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        var (timeout, password) = (session.Connection.Session.Timeout, session.Connection.Session.Password);
        var handshake = new ConnectRequest(0, session.LastZxid, timeout, session.Id, password);
        var frame = new byte[Frames.SizeOf(handshake)];
        Frames.Write(frame, handshake);

        silo.Pause();
        using (var impatient = await TcpConnection.OpenAsync(silo.EndPoint, CancellationToken.None))
            await impatient.SendAsync(frame);
        silo.Resume();

        using var deadline = new CancellationTokenSource(EventLimit);
        while (!session.Connection.Closed.IsCompleted && !silo.Output.ToString().Contains(HungUp, StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        await session.CreateAsync("/still-here").OkAsync();
    }
}
