using System.Buffers.Binary;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Grains.Attachments;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>What a session's grain does with batches that come twice, early, late, or malformed.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task BatchThatIsSentAgainIsNotDoneAgainAndGetsTheSameReplies()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var (session, attachment) = await OpenAsync(cluster);
        var create = Batch(attachment, 1, Create("/n-", CreateMode.PersistentSequential));
        var first = await session.Submit(create);
        var again = await session.Submit(create);

        Assert.Equal(first.Frames.ToArray(), again.Frames.ToArray());
        Assert.Equal("/n-0000000000", PathOf(again));
        await session.Submit(Batch(attachment, 2, Create("/m")) with { AcknowledgedBatches = 1 });
        Assert.True((await session.Submit(create)).IsRefused);
        Assert.Equal(2, (await cluster.ZNode("/").GetChildren()).Except(["zookeeper"]).Count());
    }

    [Fact]
    public async Task BatchesTakeEffectInTheOrderOfTheirNumbers()
    {
        const int Batches = 16;
        await using var cluster = await KeeperTestCluster.StartAsync();
        var (session, attachment) = await OpenAsync(cluster);
        var replies = new Task<ReplyBatch>[Batches];
        for (var number = Batches; number >= 1; number--)
            replies[number - 1] = session.Submit(Batch(attachment, number, Create("/n-", CreateMode.PersistentSequential)));

        for (var number = 1; number <= Batches; number++)
            Assert.Equal($"/n-{number - 1:d10}", PathOf(await replies[number - 1]));
        Assert.True((await session.Submit(Batch(attachment, (2 * Batches) + 1, Create("/far")))).IsRefused);
    }

    [Fact]
    public async Task BatchWhoseTurnHasNotComeWhenTheConnectionGoesIsRefused()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var sessions = cluster.Get<SessionFactory>();
        var (sessionId, password) = await sessions.OpenAsync(sessions.Negotiate(10_000));
        var request = new AttachRequest { Password = password, TimeoutMilliseconds = 10_000 };
        var (attachment, _) = await cluster.Get<AttachmentFactory>().AttachAsync(sessionId, request, default);
        var early = attachment!.SubmitAsync(Batch(attachment.Id, 2, Create("/early")));
        Assert.False(early.IsCompleted);
        await attachment.SubmitAsync(Batch(attachment.Id, 1, Create("/first")));
        await early;
        var earlier = attachment.SubmitAsync(Batch(attachment.Id, 4, Create("/never")));
        cluster.Get<ClientSessionTable>().CloseConnectionOf(sessionId);

        // A call that never ended would keep the session's grain from going, and those who call it waiting.
        Assert.True((await earlier.SoonAsync()).IsRefused);
        Assert.Null(await cluster.ZNode("/never").Get());
        Assert.NotNull(await cluster.ZNode("/early").Get());
    }

    [Fact]
    public async Task CallsWithAnotherAttachmentAreRefused()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var (session, attachment) = await OpenAsync(cluster);
        Assert.True((await session.Submit(Batch(attachment + 1, 1, Create("/a")))).IsRefused);
        Assert.True((await session.Renew(new RenewRequest(attachment + 1, 0, 0))).IsGone);
        Assert.Null(await session.ReadEvents(new RenewRequest(attachment + 1, 0, 0)));
        Assert.Equal(AttachOutcome.Expired, (await session.Attach(new AttachRequest { Password = new byte[16] })).Outcome);
        Assert.Null(await cluster.ZNode("/a").Get());
    }

    [Fact]
    public async Task FrameThatIsNotOneEndsTheAttachmentAndNothingElse()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        foreach (var length in new[] { -1, 3, 1000, int.MaxValue })
        {
            var (session, attachment) = await OpenAsync(cluster);
            var frame = new byte[12];
            BinaryPrimitives.WriteInt32BigEndian(frame, length);
            Assert.True((await session.Submit(Batch(attachment, 1, frame))).IsGone);
        }

        var (healthy, good) = await OpenAsync(cluster);
        Assert.Equal("/a", PathOf(await healthy.Submit(Batch(good, 1, Create("/a")))));
    }

    [Fact]
    public async Task SiloThatHasNotSeenWhatTheClientHasDoesNotTakeIt()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var attached = await cluster.ClusterClient.GetGrain<ISessionOpenerGrain>(0).Open(new AttachRequest { TimeoutMilliseconds = 10_000 });
        var session = cluster.ClusterClient.GetGrain<ISessionGrain>(SessionGrainKey.Of(attached.SessionId));
        var ahead = new AttachRequest { Password = attached.Password, TimeoutMilliseconds = 10_000, LastZxidSeen = long.MaxValue };
        Assert.Equal(AttachOutcome.NotReady, (await session.Attach(ahead)).Outcome);
    }

    private static async Task<(ISessionGrain Session, long Attachment)> OpenAsync(KeeperTestCluster cluster)
    {
        var opened = await cluster.ClusterClient.GetGrain<ISessionOpenerGrain>(0).Open(new AttachRequest { TimeoutMilliseconds = 10_000 });
        Assert.Equal(AttachOutcome.Attached, opened.Attached.Outcome);
        return (cluster.ClusterClient.GetGrain<ISessionGrain>(SessionGrainKey.Of(opened.SessionId)), opened.Attached.Attachment);
    }

    private static RequestBatch Batch(long attachment, long number, byte[] frame) =>
        new() { Attachment = attachment, Number = number, Count = 1, Frames = frame };

    private static byte[] Create(string path, CreateMode mode = CreateMode.Persistent)
    {
        var header = new RequestHeader(1, OpCode.Create);
        var body = new CreateRequest(path, [], [.. Acls.OpenUnsafe], (int)mode);
        var frame = new byte[Frames.SizeOf(header, body)];
        Frames.Write(frame, header, body);
        return frame;
    }

    private static string? PathOf(ReplyBatch batch)
    {
        var reader = new JuteReader(batch.Frames.Span[Frames.LengthPrefixBytes..]);
        Assert.Equal(ErrorCode.Ok, ReplyHeader.Read(ref reader).Error);
        return CreateResponse.Read(ref reader).Path;
    }
}
