using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class FeedReceiverTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FeedFixture _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task BatchesAreDeliveredInOrderAndOnce()
    {
        _silo.Request(3);
        var (first, second, third) = (Batch(0, 1), Batch(1, 2), Batch(2, 3));

        Assert.Equal(new FeedReply(true, 1, Zxid.Of(1, 2)), await _silo.ReceiveAsync(1, 0, first, second));
        Assert.Equal(new FeedReply(true, 1, Zxid.Of(1, 3)), await _silo.ReceiveAsync(1, 0, first, second, third));
        Assert.Equal(new FeedReply(true, 1, Zxid.Of(1, 3)), await _silo.ReceiveAsync(1, 0, second));

        await _silo.Replica.WaitForAsync(Zxid.Of(1, 3)).WaitAsync(Patience);
        Assert.Equal([Zxid.Of(1, 1), Zxid.Of(1, 2), Zxid.Of(1, 3)], _silo.Delivered);
    }

    [Fact]
    public async Task WhatIsMissingIsReadFromTheLog()
    {
        _silo.Request(4);
        FeedBatch[] batches = [Batch(0, 1), Batch(1, 2), Batch(2, 3), Batch(3, 4)];
        foreach (var batch in batches)
            await _silo.LogAsync(1, batch);

        await _silo.ReceiveAsync(1, 0, batches[0]);
        await _silo.ReceiveAsync(1, 0, batches[3]);

        await _silo.Replica.WaitForAsync(Zxid.Of(1, 4)).WaitAsync(Patience);
        Assert.Equal(batches.Select(batch => batch.LastZxid), _silo.Delivered);
    }

    [Fact]
    public async Task SiloThatIsTooFarBehindReadsTheLog()
    {
        _silo.Request(2);
        await _silo.LogAsync(1, Batch(0, 1));
        await _silo.LogAsync(1, Batch(1, 2));

        await _silo.Receiver.ReceiveAsync(new FeedMessage(new EpochBeginning(1, FeedFixture.Holder, 0), [], [], IsIncomplete: true, 0));

        await _silo.Replica.WaitForAsync(Zxid.Of(1, 2)).WaitAsync(Patience);
        Assert.Equal(2, _silo.Delivered.Count);
    }

    [Fact]
    public async Task R3_MessageOfAnOlderEpochIsRefused()
    {
        _silo.Request(2);
        await _silo.ReceiveAsync(1, 0, Batch(0, 1));
        await _silo.ReceiveAsync(3, Zxid.Of(1, 1));

        Assert.Equal(new FeedReply(false, 3, Zxid.Of(1, 1)), await _silo.ReceiveAsync(1, 0, Batch(1, 2)));
        Assert.Equal(new FeedReply(false, 3, Zxid.Of(1, 1)), await _silo.ReceiveAsync(2, Zxid.Of(1, 1)));
        await _silo.Replica.WaitForAsync(Zxid.Of(1, 1)).WaitAsync(Patience);
        Assert.Equal(Zxid.Of(1, 1), _silo.Replica.Watermark);
    }

    [Fact]
    public async Task R9_EpochBeginsHereWhenAllBeforeItHasCome()
    {
        _silo.Request(3);
        await _silo.ReceiveAsync(1, 0, Batch(0, 1));
        await _silo.LogAsync(1, Batch(0, 1));
        await _silo.LogAsync(1, Batch(1, 2));
        Assert.Equal([1], _silo.Begun.Select(begun => begun.Epoch));

        // The old holder died before it sent its last batch.
        await _silo.ReceiveAsync(2, Zxid.Of(1, 2));
        await _silo.Replica.WaitForAsync(Zxid.Of(1, 2)).WaitAsync(Patience);
        var later = new FeedBatch(Zxid.Of(1, 2), Zxid.Of(2, 1), _silo.Batch(Zxid.Of(1, 2), Zxid.Of(2, 1), 3).Payload);
        await _silo.ReceiveAsync(2, Zxid.Of(1, 2), later);
        await _silo.Replica.WaitForAsync(Zxid.Of(2, 1)).WaitAsync(Patience);

        Assert.Equal([(1, 0L), (2, Zxid.Of(1, 2))], _silo.Begun);
        Assert.Equal([Zxid.Of(1, 1), Zxid.Of(1, 2), Zxid.Of(2, 1)], _silo.Delivered);
    }

    [Fact]
    public async Task RejectionsReachTheSiloThatSubmitted()
    {
        _silo.Request(2);
        var rejections = new FeedRejection[]
        {
            new("another silo", 1, ErrorCode.SystemError), new(_silo.Submitter, 2, ErrorCode.ConnectionLoss),
        };

        await _silo.Receiver.ReceiveAsync(new FeedMessage(new EpochBeginning(1, FeedFixture.Holder, 0), [], rejections, false, 0));
        await _silo.ReceiveAsync(1, 0, Batch(0, 1));
        await _silo.Replica.WaitForAsync(Zxid.Of(1, 1)).WaitAsync(Patience);

        Assert.Equal(["2 ConnectionLoss"], _silo.Rejected);
        Assert.Single(_silo.Delivered);
    }

    /// <summary>A batch of epoch 1 that answers the request of the same number.</summary>
    private FeedBatch Batch(uint previous, uint counter) =>
        _silo.Batch(previous == 0 ? 0 : Zxid.Of(1, previous), Zxid.Of(1, counter), counter);
}
