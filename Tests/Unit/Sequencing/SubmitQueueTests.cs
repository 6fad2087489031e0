using System.Threading.Channels;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Unit.Clustering;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>
/// When requests go to another silo's sequencer, which takes them at once and decides nothing by itself. All of it happens on the test's
/// thread, but for what an epoch's beginning submits.
/// </summary>
public sealed class SubmitQueueTests
{
    private const int WorthAMessage = 64;

    private static readonly SiloAddress Holder = ScriptedSilos.Silo(2);

    private readonly UndecidedRequests _undecided = new();
    private readonly Channel<long[]> _messages = Channel.CreateUnbounded<long[]>();
    private readonly SubmitQueue _queue;

    public SubmitQueueTests()
    {
        var silos = new ScriptedSilos();
        silos.SubmissionReplies[Holder] = Receive;
        _queue = new SubmitQueue(_undecided, orderer: null!, silos, TimeProvider.System);
        _queue.Begin(new EpochBeginning(1, Holder, 0));
    }

    [Fact]
    public void SubmitsAtLeastAsMuchAsIsUndecided()
    {
        Assert.Equal([1], Submit(1));
        Assert.Equal([2], Submit(1));
        Assert.Empty(Submit(1));
        Assert.Equal([3, 4], Submit(1));
    }

    [Fact]
    public void SubmitsWhatWaitedWhenEnoughIsDecided()
    {
        Assert.Equal([1, 2, 3, 4], Submit(4));
        Assert.Empty(Submit(2));

        Decide(1);
        Assert.Empty(SentBy(_queue.OnDecided));
        Decide(2);
        Assert.Equal([5, 6], SentBy(_queue.OnDecided));
    }

    [Fact]
    public void SubmitsWhatIsWorthAMessageWhateverIsUndecided()
    {
        Assert.Equal(2 * WorthAMessage, Submit(2 * WorthAMessage).Length);
        Assert.Empty(Submit(WorthAMessage - 1));
        Assert.Equal(WorthAMessage, Submit(1).Length);
    }

    [Fact]
    public async Task SubmitsWhatWaitedToTheNextEpochsSequencer()
    {
        Assert.Equal([1, 2], Submit(2));
        Assert.Empty(Submit(1));

        _queue.Begin(new EpochBeginning(2, Holder, 0));
        var message = await _messages.Reader.ReadAsync();
        Assert.Equal([1, 2, 3], message);
    }

    /// <summary>Submits so many requests together. Returns those of the message that goes out now, if one does.</summary>
    private long[] Submit(int count)
    {
        for (var i = 0; i < count; i++)
            _queue.Enqueue(new PendingRequest(new Nobody(), 0, OpCode.SetData, ReadOnlyMemory<byte>.Empty));
        return SentBy(_queue.Submit);
    }

    private long[] SentBy(Action action)
    {
        var context = new CollectingContext();
        SynchronizationContext.SetSynchronizationContext(context);
        action();
        SynchronizationContext.SetSynchronizationContext(null);
        context.RunCollected();
        return _messages.Reader.TryRead(out var message) ? message : [];
    }

    private void Decide(long number) =>
        _undecided.Reject(new(_undecided.Submitter, number), ErrorCode.SystemError, new DeliveryRound());

    private Task<bool> Receive(Submission submission)
    {
        _messages.Writer.TryWrite([.. submission.Requests.Select(request => request.Number)]);
        return Task.FromResult(true);
    }

    /// <summary>Keeps what would go to another thread.</summary>
    private sealed class CollectingContext : SynchronizationContext
    {
        private readonly Queue<Action> _collected = new();

        public override void Post(SendOrPostCallback callback, object? state) => _collected.Enqueue(() => callback(state));

        public void RunCollected()
        {
            while (_collected.TryDequeue(out var next))
                next();
        }
    }

    private sealed class Nobody : IRequestOwner
    {
        public bool IsGone => false;

        public void Decided(PendingRequest request, DeliveryRound round)
        {
        }

        public void GivenUp(PendingRequest request)
        {
        }
    }
}
