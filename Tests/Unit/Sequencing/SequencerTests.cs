using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>The order and the log together: what was ordered is appended, or all of it did not happen.</summary>
public sealed class SequencerTests
{
    private static readonly (ErrorCode, bool) Done = (ErrorCode.Ok, false);
    private static readonly (ErrorCode, bool) Rejected = (ErrorCode.SystemError, true);
    private static readonly (ErrorCode, bool) InDoubt = (ErrorCode.ConnectionLoss, true);

    [Fact]
    public async Task WhatIsOrderedIsAppendedInOrderUnderConsecutiveZxids()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        var numbers = new List<long>();
        for (var i = 0; i < 200; i++)
            numbers.AddRange(sequencer.Create($"/{i}", $"/{i}/a", $"/{i}/b"));

        Assert.All(numbers, number => Assert.Equal(Done, sequencer.Sink.DecisionOf(number)));
        Assert.Equal(Counters(1, 1, 600), sequencer.Sink.Zxids);
        var batches = await sequencer.StopAsync();
        Assert.Equal((Zxid.Of(1, 1), Zxid.Of(1, 600)), (batches[0].FirstZxid, batches[^1].LastZxid));
    }

    [Fact]
    public async Task RequestThatFailsTakesAZxidToo()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        var numbers = sequencer.Create("/a", "/a", "/missing/x", "/b");

        Assert.Equal(
            [ErrorCode.Ok, ErrorCode.NodeExists, ErrorCode.NoNode, ErrorCode.Ok],
            numbers.Select(number => sequencer.Sink.DecisionOf(number).Error));
        Assert.Equal(Counters(1, 1, 4), sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task FailedAppendRejectsItsBatchAndEverythingOrderedBehindIt()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/kept")[0]));
        sequencer.Log.AwaitAppend();
        sequencer.Log.Hold();
        sequencer.Log.FailNext(1);

        var failed = sequencer.Create("/a", "/b");
        sequencer.Log.AwaitAppend();
        long[] behind = [.. sequencer.Create("/a/child"), .. sequencer.Create("/c", "/kept/child")];
        sequencer.Log.Release();

        Assert.All([.. failed, .. behind], number => Assert.Equal(Rejected, sequencer.Sink.DecisionOf(number)));
        Assert.Equal(0, sequencer.Outstanding);
        Assert.All(["/a", "/b", "/a/child", "/c", "/kept/child"], path => Assert.False(sequencer.Exists(path), path));

        // Nothing is left of them: a child of what was rejected has no parent, and the rest can be made again.
        Assert.Equal((ErrorCode.NoNode, false), sequencer.Sink.DecisionOf(sequencer.Create("/a/child")[0]));
        Assert.All(
            sequencer.Create("/a", "/b", "/a/child", "/c", "/kept/child"),
            number => Assert.Equal(Done, sequencer.Sink.DecisionOf(number)));
        Assert.Equal(Counters(1, 1, 7), sequencer.Sink.Zxids);
        Assert.Equal([.. failed, .. behind], sequencer.Sink.Rejections);
        Assert.Equal(Zxid.Of(1, 7), (await sequencer.StopAsync())[^1].LastZxid);
    }

    [Fact]
    public async Task RollBackKeepsWhatIsDurable()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        sequencer.Log.Hold();
        var first = sequencer.Create("/a");
        sequencer.Log.AwaitAppend();
        var second = sequencer.Create("/a/b");
        sequencer.Log.Release();
        Assert.Equal(Done, sequencer.Sink.DecisionOf(first[0]));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(second[0]));

        sequencer.Log.FailNext(1);
        Assert.Equal(Rejected, sequencer.Sink.DecisionOf(sequencer.Create("/c")[0]));

        Assert.Equal((ErrorCode.NodeExists, false), sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a/b/c")[0]));
        Assert.Equal(Counters(1, 1, 4), sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task EveryRequestIsDecidedOnceWhileAppendsKeepFailing()
    {
        const int Failures = 3;
        using var sequencer = await SequencerFixture.StartAsync();
        sequencer.Log.FailNext(Failures);
        var (attempts, numbers) = (0, new List<long>());

        // One request at a time, until the log takes it again.
        do
        {
            numbers.Add(sequencer.Create("/a")[0]);
            attempts++;
        }
        while (sequencer.Sink.DecisionOf(numbers[^1]) == Rejected && attempts < 10);

        Assert.Equal(Done, sequencer.Sink.DecisionOf(numbers[^1]));
        Assert.Equal(numbers.SkipLast(1), sequencer.Sink.Rejections);
        Assert.Equal(Failures, sequencer.Sink.Rejections.Count);
        Assert.Equal([Zxid.Of(1, 1)], sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task BatchInDoubtThatIsInTheLogIsAppliedBeforeAnythingElseIsAppended()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        sequencer.Log.Hold();
        var kept = sequencer.Create("/kept")[0];
        sequencer.Log.AwaitAppend();

        // These come while the appender is away, so it finds both and takes them as one batch.
        var inDoubt = sequencer.Create("/a", "/a/b");
        sequencer.Log.ReleaseOne();
        sequencer.Log.AwaitAppend();
        sequencer.Log.LeaveNextInDoubt(isAppended: true);
        var behind = sequencer.Create("/a/c")[0];
        sequencer.Log.Release();
        Assert.Equal(Done, sequencer.Sink.DecisionOf(kept));

        // Nobody knows what became of the batch; what was ordered behind it did not happen.
        Assert.All(inDoubt, number => Assert.Equal(InDoubt, sequencer.Sink.DecisionOf(number)));
        Assert.Equal(Rejected, sequencer.Sink.DecisionOf(behind));

        // The next one was validated against the state without the batch, so it does not happen either. Then the state is right again.
        Assert.Equal(Rejected, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal((ErrorCode.NodeExists, false), sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a/b/c")[0]));
        Assert.Equal(Counters(1, 1, 5), sequencer.Sink.Zxids);
        Assert.Equal([Zxid.Of(1, 3)], sequencer.CaughtUp);
        Assert.Equal(Zxid.Of(1, 5), (await sequencer.StopAsync())[^1].LastZxid);
    }

    [Fact]
    public async Task BatchInDoubtThatIsNotInTheLogDidNotHappen()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        sequencer.Log.LeaveNextInDoubt(isAppended: false);

        Assert.Equal(InDoubt, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal([Zxid.Of(1, 1)], sequencer.Sink.Zxids);
        Assert.Empty(sequencer.CaughtUp);
    }

    [Fact]
    public async Task WritesFailWhileThereIsNoRoomForChanges()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        sequencer.HasRoom = false;
        Assert.Equal(Rejected, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Empty(sequencer.Log.Calls);

        sequencer.HasRoom = true;
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        Assert.Equal([Zxid.Of(1, 1)], sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task R9_SubmissionThatComesAgainIsTakenAndNotOrderedAgain()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        var numbers = sequencer.Create("/a", "/a/b");
        Assert.True(sequencer.Repeat(epoch: 1));
        var later = sequencer.Create("/a/c");

        Assert.All([.. numbers, .. later], number => Assert.Equal(Done, sequencer.Sink.DecisionOf(number)));
        await sequencer.StopAsync();
        Assert.Equal(Counters(1, 1, 3), sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task SubmissionForAnEarlierEpochIsNotTaken()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));

        Assert.False(sequencer.Repeat(epoch: 0));
        await sequencer.StopAsync();
        Assert.Single(sequencer.Sink.Zxids);
    }

    [Fact]
    public async Task FencedSequencerOrdersNothingMore()
    {
        using var sequencer = await SequencerFixture.StartAsync();
        Assert.Equal(Done, sequencer.Sink.DecisionOf(sequencer.Create("/a")[0]));
        await sequencer.ClaimAsync(1);

        sequencer.Create("/b");
        sequencer.Create("/c");
        var batches = await sequencer.StopAsync();
        var outstanding = sequencer.Outstanding;
        sequencer.Create("/d");

        // Whoever waits is neither told that it happened nor that it did not: the new sequencer's log knows.
        Assert.Equal(outstanding, sequencer.Outstanding);
        Assert.Equal([Zxid.Of(1, 1)], sequencer.Sink.Zxids);
        Assert.Empty(sequencer.Sink.Rejections);
        Assert.Equal(Zxid.Of(1, 1), batches[^1].LastZxid);
    }

    private static IEnumerable<long> Counters(int epoch, int first, int count) =>
        Enumerable.Range(first, count).Select(counter => Zxid.Of(epoch, (uint)counter));
}
