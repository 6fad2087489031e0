using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class FeedPublisherTests : IDisposable
{
    private static readonly SiloAddress Prompt = ScriptedSilos.Silo(2);
    private static readonly SiloAddress Slow = ScriptedSilos.Silo(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ScriptedSilos _silos = new() { Members = { Prompt, Slow } };
    private readonly FeedFixture _feed = new();
    private readonly FeedPublisher _publisher;
    private readonly Channel<FeedMessage> _received = Channel.CreateUnbounded<FeedMessage>();
    private uint _counter;

    public FeedPublisherTests()
    {
        _publisher = new FeedPublisher(_feed.Feed, _silos, _feed.Replica, TimeProvider.System, NullLogger<FeedPublisher>.Instance);
        Follow(Prompt, 0);
    }

    public void Dispose()
    {
        _publisher.End();
        _feed.Dispose();
    }

    [Fact]
    public async Task SiloThatDoesNotAnswerDelaysNobodyElse()
    {
        _silos.FeedReplies[Slow] = _ => new TaskCompletionSource<FeedReply>().Task;
        _publisher.Begin(Epoch(1));

        for (var i = 0; i < 20; i++)
        {
            Commit();
            Assert.Equal(Zxid.Of(1, _counter), await ReceivedAsync());
        }
    }

    [Fact]
    public async Task WhatWasNotTakenIsSentAgain()
    {
        var failures = 3;
        var follow = _silos.FeedReplies[Prompt];
        _publisher.Begin(Epoch(1));
        Commit();
        Assert.Equal(Zxid.Of(1, 1), await ReceivedAsync());

        _silos.FeedReplies[Prompt] = message => failures-- > 0 ? Task.FromException<FeedReply>(new TimeoutException()) : follow(message);
        Commit();
        Commit();

        Assert.Equal(Zxid.Of(1, 3), await ReceivedAsync());
    }

    [Fact]
    public async Task SiloThatIsBehindWhatIsKeptIsToldToReadTheLog()
    {
        Follow(Prompt, Zxid.Of(0, 7));
        _publisher.Begin(Epoch(2) with { BaseZxid = Zxid.Of(1, 9) });

        while (await NextAsync() is { IsIncomplete: false })
        {
        }
    }

    [Fact]
    public async Task RejectionsAreSentUntilTheyAreReceived()
    {
        _publisher.Begin(Epoch(1));
        await NextAsync();
        var follow = _silos.FeedReplies[Prompt];
        var failures = 2;
        _silos.FeedReplies[Prompt] = message => failures-- > 0 ? Task.FromException<FeedReply>(new TimeoutException()) : follow(message);

        _publisher.Rejected([new RequestOrigin("a", 7)], ErrorCode.SystemError);

        FeedMessage message;
        while ((message = await NextAsync()).Rejections.Count == 0)
        {
        }

        Assert.Equal([new FeedRejection("a", 7, ErrorCode.SystemError)], message.Rejections);
        Assert.Empty((await NextAsync()).Rejections);
    }

    [Fact]
    public async Task LaterEpochThatASiloKnowsIsHeardOf()
    {
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _publisher.EpochSeen = epoch => seen.TrySetResult(epoch);
        _silos.FeedReplies[Prompt] = _ => Task.FromResult(new FeedReply(false, 5, 0));

        _publisher.Begin(Epoch(1));

        Assert.Equal(5, await seen.Task.WaitAsync(Patience));
    }

    private static EpochBeginning Epoch(int epoch) => new(epoch, ScriptedSilos.Silo(1), 0);

    /// <summary>Has a silo take everything that follows what it has.</summary>
    private void Follow(SiloAddress silo, long lastZxid)
    {
        _silos.FeedReplies[silo] = message =>
        {
            foreach (var batch in message.Batches)
            {
                if (batch.PreviousZxid == lastZxid)
                    lastZxid = batch.LastZxid;
            }

            _received.Writer.TryWrite(message);
            return Task.FromResult(new FeedReply(true, message.Epoch.Epoch, lastZxid));
        };
    }

    private void Commit()
    {
        var previous = _counter == 0 ? 0 : Zxid.Of(1, _counter);
        var batch = new OrderedBatch { PreviousZxid = previous };
        batch.Add(FeedFixture.FailedCreate(Zxid.Of(1, ++_counter), new RequestOrigin("another silo", _counter)));
        _publisher.Committed(batch, hasTime: false);
    }

    private async Task<FeedMessage> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The last zxid of the next message that has one.</summary>
    private async Task<long> ReceivedAsync()
    {
        while (true)
        {
            if (await NextAsync() is { Batches: [.., var last] })
                return last.LastZxid;
        }
    }
}
