using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>R5: a session that has moved from one silo to another has left the first one, whoever the sequencer is then.</summary>
public sealed class SessionOwnershipTests
{
    private const int Timeout = 30_000;

    [Fact]
    public async Task R5_WhatIsStillOnItsWayByTheSiloBeforeIsRefused()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(2);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        Assert.Equal(ErrorCode.Ok, (await CreateAsync(cluster, 0, session, "/before")).Error);

        await MoveAsync(cluster, 1, session, password);

        Assert.Equal(ErrorCode.SessionMoved, (await CreateAsync(cluster, 0, session, "/late")).Error);
        Assert.Equal(ErrorCode.Ok, (await CreateAsync(cluster, 1, session, "/now")).Error);
        await MoveAsync(cluster, 0, session, password);
        Assert.Equal(ErrorCode.Ok, (await CreateAsync(cluster, 0, session, "/again")).Error);
        Assert.Equal(ErrorCode.SessionMoved, (await CreateAsync(cluster, 1, session, "/late")).Error);
    }

    /// <summary>What was submitted before is seen by the client when it is answered, though nobody has told it what became of that.</summary>
    [Fact]
    public async Task R5_WhoMovesBeginsBehindWhatTheSiloBeforeHasSubmitted()
    {
        const int Rounds = 50;
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        for (var round = 0; round < Rounds; round++)
        {
            var (from, to) = (round % 3, (round + 1) % 3);
            var unanswered = Enumerable.Range(0, 5).Select(number => CreateAsync(cluster, from, session, $"/{round}-{number}")).ToArray();
            await MoveAsync(cluster, to, session, password);
            var seen = Enumerable.Range(0, unanswered.Length).Count(number => cluster.ServicesOf(to).Find($"/{round}-{number}").Node is { Exists: true });

            var transactions = await Task.WhenAll(unanswered);
            Assert.Equal(seen, transactions.Count(transaction => transaction.Error == ErrorCode.Ok));
            Assert.All(transactions.Skip(seen), transaction => Assert.Equal(ErrorCode.SessionMoved, transaction.Error));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R5_NextSequencerKnowsTheOwner(bool isNew)
    {
        await using var cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.Silos = 3;
            options.ConfigureKeeper = keeper => keeper.LogRetention = 0;
        });
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        await MoveAsync(cluster, 1, session, password);
        var next = await cluster.FindSequencerAsync() == 2 ? 1 : 2;
        if (isNew)
        {
            // It begins with the tables: the log does not tell any more.
            await cluster.Get<Checkpointer>(await cluster.FindSequencerAsync()).CheckpointAsync(default);
            await cluster.AddSiloAsync();
            next = 3;
        }

        Assert.True(await cluster.Get<Sequencer>(next).TryBeginAsync(cluster.Get<Sequencer>(await cluster.FindSequencerAsync()).Epoch, default));

        Assert.Equal(ErrorCode.SessionMoved, (await CreateAsync(cluster, 0, session, "/late")).Error);
        Assert.Equal(ErrorCode.Ok, (await CreateAsync(cluster, 1, session, "/now")).Error);
    }

    [Fact]
    public async Task SiloBeforeClosesItsConnection()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        for (var round = 0; round < 6; round++)
        {
            var output = new DiscardingOutput();
            var carried = cluster.Get<SessionFactory>(round % 3).Attach(session, Timeout, "127.0.0.1", output);
            Assert.False(carried.IsGone);

            await MoveAsync(cluster, (round + 1) % 3, session, password);

            await output.Closed.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task ConnectionThatComesTooLateIsClosedAtOnce()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(2);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        var zxid = await MoveAsync(cluster, 1, session, password);
        await cluster.Get<Replica>(0).WaitForAsync(zxid);
        var output = new DiscardingOutput();

        Assert.True(cluster.Get<SessionFactory>(0).Attach(session, Timeout, "127.0.0.1", output).IsGone);

        Assert.True(output.Closed.IsCompleted);
    }

    [Fact]
    public async Task WrongPasswordMovesNothing()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(2);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        await cluster.ServicesOf(1).SyncAsync();

        Assert.False(await cluster.Get<SessionFactory>(1).MayAttachAsync(session, [.. password.Select(octet => (byte)~octet)]));

        Assert.Equal(ErrorCode.Ok, (await CreateAsync(cluster, 0, session, "/a")).Error);
        Assert.Equal(ErrorCode.SessionMoved, (await CreateAsync(cluster, 1, session, "/b")).Error);
    }

    [Fact]
    public async Task WhoComesBackToTheSameSiloCostsNoTransaction()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(1);
        var (session, password) = await cluster.Get<SessionFactory>(0).OpenAsync(Timeout);
        var zxid = cluster.Get<Replica>(0).Watermark;

        Assert.True(await cluster.Get<SessionFactory>(0).MayAttachAsync(session, password));

        Assert.Equal(zxid + 1, (await cluster.ServicesOf(0).CreateAsync("/a", [])).Zxid);
    }

    /// <summary>Returns the watermark of the silo then.</summary>
    private static async Task<long> MoveAsync(KeeperTestCluster cluster, int silo, long session, byte[] password)
    {
        Assert.True(await cluster.Get<SessionFactory>(silo).MayAttachAsync(session, password));
        return cluster.Get<Replica>(silo).Watermark;
    }

    /// <summary>Creates a znode as the session, by way of a silo.</summary>
    private static Task<Transaction> CreateAsync(KeeperTestCluster cluster, int silo, long session, string path)
    {
        var body = JuteRecords.ToArray(new CreateRequest(path, [], [.. Acls.OpenUnsafe], 0));
        return SessionlessRequest.Submit(cluster.Get<SubmitQueue>(silo), OpCode.Create, body, session).Transaction;
    }
}
