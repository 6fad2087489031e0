using System.Diagnostics;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>
/// A session whose client falls silent expires after its timeout and at most one tick more, not before, and takes its ephemeral
/// znodes with it in one transaction.
/// </summary>
public sealed class SessionExpiryTests : RobustnessTest
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TickTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(30);

    private SiloProcess _silo = null!;
    private KeeperSession _observer = null!;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_dies_loses_its_ephemerals_after_its_timeout(bool reset)
    {
        await StartAsync();
        await using var victim = await OpenVictimAsync("/ephemeral");
        await _observer.ExistsAsync("/ephemeral", watch: true).OkAsync();

        var (before, after) = await LastSignAsync(victim);
        await victim.Connection.AbandonAsync(reset);
        var gone = await _observer.NextEventAsync(EventLimit);

        gone.Is(WatcherEventType.NodeDeleted, "/ephemeral");
        AssertExpiry(before, after, gone.ArrivedAt);
        await Assert.ThrowsAsync<SessionExpiredException>(() => victim.AttachAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_silent_client_expires_and_loses_its_connection()
    {
        await StartAsync();
        await using var silent = await OpenVictimAsync("/ephemeral");
        await _observer.ExistsAsync("/ephemeral", watch: true).OkAsync();

        var (before, after) = await LastSignAsync(silent);
        var gone = await _observer.NextEventAsync(EventLimit);

        gone.Is(WatcherEventType.NodeDeleted, "/ephemeral");
        AssertExpiry(before, after, gone.ArrivedAt);
        await silent.Connection.Closed.WaitAsync(EventLimit);
    }

    [Fact]
    public async Task All_ephemerals_of_a_session_go_under_one_zxid()
    {
        const int Count = 20;
        await StartAsync();
        var folders = Enumerable.Range(0, Count).Select(number => $"/folder-{number}").ToArray();
        foreach (var folder in folders)
            await _observer.CreateAsync(folder).OkAsync();
        await using var victim = await OpenVictimAsync([.. folders.Select(folder => folder + "/ephemeral")]);
        foreach (var folder in folders)
            await _observer.ExistsAsync(folder + "/ephemeral", watch: true).OkAsync();

        await victim.Connection.AbandonAsync(reset: true);
        for (var i = 0; i < Count; i++)
            Assert.Equal(WatcherEventType.NodeDeleted, (await _observer.NextEventAsync(EventLimit)).Event.Type);

        // Each parent's pzxid is the zxid of the deletion below it.
        var deletions = new HashSet<long>();
        foreach (var folder in folders)
            deletions.Add((await _observer.ExistsAsync(folder)).Read<ExistsResponse>().Stat.Pzxid);
        Assert.Single(deletions);
    }

    [Fact]
    public async Task Pings_keep_a_session_alive()
    {
        await StartAsync();
        await using var pinging = await OpenVictimAsync("/ephemeral");
        var until = Stopwatch.GetTimestamp() + (long)((Timeout + TickTime + TimeSpan.FromSeconds(1)).TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
        {
            await pinging.PingAsync().OkAsync();
            await Task.Delay(Timeout / 8);
        }

        await _observer.ExistsAsync("/ephemeral").OkAsync();
        await pinging.GetDataAsync("/ephemeral").OkAsync();
    }

    [Fact]
    public async Task A_session_expires_after_a_crash_although_its_client_never_returns()
    {
        await StartAsync();
        await using var victim = await OpenVictimAsync("/ephemeral");
        await victim.Connection.AbandonAsync(reset: true);
        await _silo.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await _silo.StartAsync();
        var started = Stopwatch.GetTimestamp();

        // The restarted server gives each session its full timeout again.
        await _observer.AttachAsync(CancellationToken.None);
        await _observer.ExistsAsync("/ephemeral", watch: true).OkAsync();
        var gone = await _observer.NextEventAsync(EventLimit);
        gone.Is(WatcherEventType.NodeDeleted, "/ephemeral");
        AssertExpiry(killed, started, gone.ArrivedAt);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_observer is not null)
            await _observer.DisposeAsync();
        await base.DisposeAsync();
    }

    private static void AssertExpiry(long lastSignBefore, long lastSignAfter, long gone)
    {
        var most = Stopwatch.GetElapsedTime(lastSignBefore, gone);
        var least = Stopwatch.GetElapsedTime(lastSignAfter, gone);
        WriteLine($"Expired between {least.TotalMilliseconds:F0} and {most.TotalMilliseconds:F0} ms after the last sign of life.");
        Assert.True(most > Timeout, $"Expired at most {most} after the last sign of life, before its timeout of {Timeout}.");
        Assert.True(least < Timeout + TickTime + Slack, $"Expired only {least} after the last sign of life.");
    }

    // The server saw the last sign of life between these two times.
    private static async Task<(long Before, long After)> LastSignAsync(KeeperSession session)
    {
        var before = Stopwatch.GetTimestamp();
        await session.PingAsync().OkAsync();
        return (before, Stopwatch.GetTimestamp());
    }

    private async Task StartAsync()
    {
        _silo = await StartSiloAsync(settings => settings with { TickTime = TickTime });
        _observer = await KeeperSession.OpenAsync(_silo.EndPoint, CancellationToken.None);
    }

    private async Task<KeeperSession> OpenVictimAsync(params string[] ephemerals)
    {
        var victim = await KeeperSession.OpenAsync(_silo.EndPoint, Timeout, CancellationToken.None);
        Assert.Equal(Timeout, victim.Timeout);
        foreach (var path in ephemerals)
            await victim.CreateAsync(path, mode: CreateMode.Ephemeral).OkAsync();
        return victim;
    }
}
