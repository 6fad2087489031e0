using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>The last transactions of an epoch and the first of the next.</summary>
public sealed class EpochRolloverTests
{
    private const uint LastCounter = uint.MaxValue - 2;

    private static readonly (ErrorCode, bool) Done = (ErrorCode.Ok, false);
    private static readonly (ErrorCode, bool) Rejected = (ErrorCode.SystemError, true);

    [Fact]
    public async Task NextEpochIsClaimedBeforeItsFirstTransactionIsAppended()
    {
        using var sequencer = await StartNearTheEndAsync();

        var numbers = sequencer.Create("/a", "/b", "/b/c", "/d");

        Assert.All(numbers, number => Assert.Equal(Done, sequencer.Sink.DecisionOf(number)));
        Assert.Equal([Zxid.Of(1, uint.MaxValue - 1), Zxid.Of(1, uint.MaxValue), Zxid.Of(2, 1), Zxid.Of(2, 2)], sequencer.Sink.Zxids);
        var calls = sequencer.Log.Calls.ToList();
        var claim = calls.IndexOf("claim 2");
        Assert.EndsWith("-1ffffffff", calls[claim - 1]);
        Assert.StartsWith("append 200000001-", calls[claim + 1]);
        var ledger = await sequencer.Log.ReadLedgerAsync();
        Assert.Equal((2, Zxid.Of(2, 2)), (ledger.Epoch, ledger.LastZxid));
        var batches = await sequencer.StopAsync();
        Assert.Contains(batches, batch => batch.FirstZxid == Zxid.Of(2, 1));
    }

    [Fact]
    public async Task NextEpochBeginsWithItsFirstCounterAfterAFailureAtTheEndOfTheLast()
    {
        using var sequencer = await StartNearTheEndAsync();
        sequencer.Log.FailNext(1);

        var failed = sequencer.Create("/a", "/b", "/c");
        Assert.All(failed, number => Assert.Equal(Rejected, sequencer.Sink.DecisionOf(number)));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/b")[0]));

        // The counters of epoch 1 that were left are not used: transactions of epoch 2 were ordered already.
        Assert.Equal([Zxid.Of(2, 1), Zxid.Of(2, 2)], sequencer.Sink.Zxids);
        Assert.Equal(1, sequencer.Log.Calls.Count(call => call == "claim 2"));
    }

    [Fact]
    public async Task SequencerThatCannotClaimTheNextEpochIsFenced()
    {
        using var sequencer = await StartNearTheEndAsync();
        Assert.All(sequencer.Create("/a", "/b"), number => Assert.Equal(Done, sequencer.Sink.DecisionOf(number)));
        await sequencer.ClaimAsync(1);

        sequencer.Create("/c");
        var batches = await sequencer.StopAsync();

        Assert.Equal("claim 2", sequencer.Log.Calls[^1]);
        Assert.Equal(2, sequencer.Sink.Zxids.Count);
        Assert.Equal(Zxid.Of(1, uint.MaxValue), batches[^1].LastZxid);
        Assert.Equal(2, (await sequencer.Log.ReadLedgerAsync()).Epoch);
    }

    /// <summary>A sequencer goes on from the end of its log after an append that failed; so this one's next counter is near the last.</summary>
    private static async Task<SequencerFixture> StartNearTheEndAsync()
    {
        var sequencer = await SequencerFixture.StartAsync(LastCounter);
        sequencer.Log.FailNext(1);
        Assert.Equal(Rejected, sequencer.Sink.DecisionOf(sequencer.Create("/failed")[0]));
        sequencer.Log.AwaitAppend();
        return sequencer;
    }
}
