using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Sessions.TestSession;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>
/// Watches that are set while their znode changes (rule R6). ZooKeeper's clients know of a watch when its reply comes: an event before that finds
/// nobody, and one that comes twice finds nobody the second time.
/// </summary>
public sealed class WatchOrderTests
{
    private const int WritesInRound = 20;
    private const int XidOfGet = 2;
    private const long NotArmed = long.MaxValue;

    [Fact]
    public async Task An_event_follows_the_reply_that_set_its_watch()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        await WhileWritingAsync(silo, reads: 20_000, () =>
        {
            session.Send(Get("/a", watch: true));
            return Task.CompletedTask;
        });

        var armedAt = NotArmed;
        foreach (var frame in session.Output.Received)
        {
            if (frame.Xid == WellKnownXids.Notification)
            {
                Assert.True(armedAt < frame.Header.Zxid, $"The event of 0x{frame.Header.Zxid:x} came without a watch that waited for it.");
                armedAt = NotArmed;
            }
            else if (armedAt == NotArmed)
            {
                armedAt = frame.Body<GetDataResponse>().Stat.Mzxid;
            }
            else
            {
                Assert.Equal(armedAt, frame.Body<GetDataResponse>().Stat.Mzxid);
            }
        }
    }

    [Fact]
    public async Task A_watch_that_is_set_again_is_told_once()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/b", [0]);
        await silo.CreateAsync("/a", [0]);

        // So many that a change meets them while they are being set.
        string[] watches = ["/a", .. Enumerable.Repeat("/b", 1000)];
        var first = await silo.OpenAsync();
        first.Send(Get("/a"));
        var last = (await first.Output.WaitForAsync(1))[0].Body<GetDataResponse>().Stat.Mzxid;
        await WhileWritingAsync(silo, reads: 300, async () =>
        {
            // As a client that has come back: it is told of what is behind what it saw last, before it sees it, and once.
            var session = await silo.OpenAsync();
            session.Send((OpCode.SetWatches, JuteRecords.ToArray(new SetWatches(last, watches, [], []))), Get("/a"));
            var received = await session.Output.WaitForAsync(2);
            while (received[^1].Xid != XidOfGet)
                received = await session.Output.WaitForAsync(received.Count + 1);
            session.Close();

            var seen = received[^1].Body<GetDataResponse>().Stat.Mzxid;
            Assert.Equal(seen > last ? 1 : 0, received.Count(frame => frame.Xid == WellKnownXids.Notification));
            Assert.InRange(session.Output.Received.Count(frame => frame.Xid == WellKnownXids.Notification), 0, 1);
            last = seen;
        });
    }

    // Reads so often, and writes as long as that takes.
    private static async Task WhileWritingAsync(SessionFixture silo, int reads, Func<Task> read)
    {
        using var done = new CancellationTokenSource();
        var writer = await silo.OpenAsync();
        var writing = Task.Run(async () =>
        {
            for (var round = 1; !done.IsCancellationRequested; round++)
            {
                writer.Send([.. Enumerable.Repeat(Set("/a", 1), WritesInRound)]);
                await writer.Output.WaitForAsync(round * WritesInRound);
            }
        });
        for (var i = 0; i < reads; i++)
            await read();
        await done.CancelAsync();
        await writing;
    }
}
