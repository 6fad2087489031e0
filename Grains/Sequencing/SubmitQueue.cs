using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Collects the write requests of all sessions of this silo and submits them to the sequencer, one submission at a time: whatever arrives
/// meanwhile goes with the next one. This silo's sequencer is called directly and not through its grain: a message would put two changes
/// of threads into every write, which took a third of the processor time of one and half as long again for a client that waits for each.
/// Another silo's is sent a submission again until it has taken it, which it does once. A submission to it carries at least as much as is
/// undecided of earlier ones: one larger message costs less than two, here and all the way to the log and back. When an epoch ends, everything
/// undecided waits for the next one, and is submitted to that as soon as it is known here what the old one decided (rule R9).
/// </summary>
internal sealed class SubmitQueue(UndecidedRequests undecided, TransactionOrderer orderer, ISilos silos, TimeProvider time) : IThreadPoolWorkItem
{
    /// <summary>A socket's thread submits for others only so often, before it goes back to its own work.</summary>
    private const int MostSubmissionsInARow = 8;

    private const int MostBytesInMessage = 4 * 1024 * 1024;

    private const int LongestSpare = 1024;
    private const int MostYields = 8;

    /// <summary>Beyond so many requests, what a message costs by itself is little of what it costs.</summary>
    private const int WorthAMessage = 64;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private List<SubmittedRequest> _collected = [];
    private List<SubmittedRequest>? _spare;
    private EpochBeginning? _epoch;
    private bool _isLocal;
    private bool _isSubmitting;

    /// <summary>Adds a request to the next submission. The caller sees to it that it is submitted.</summary>
    public void Enqueue(PendingRequest request)
    {
        lock (_lock)
        {
            request.IsSubmitted = true;
            undecided.Add(request);
            _collected.Add(Submitted(request));
        }
    }

    /// <summary>Everything that earlier epochs decided is known here: what is undecided goes to the sequencer of this one.</summary>
    public void Begin(EpochBeginning epoch)
    {
        var givenUp = new List<PendingRequest>();
        bool isAnythingUndecided;
        lock (_lock)
        {
            _epoch = epoch;
            _isLocal = epoch.Holder.Equals(silos.Self);
            _isSubmitting = false;
            _collected = undecided.Collect(givenUp).ConvertAll(Submitted);
            isAnythingUndecided = _collected.Count > 0;
        }

        // Not under the lock: sessions submit under their own.
        foreach (var request in givenUp)
            request.Owner.GivenUp(request);
        if (isAnythingUndecided)
            SubmitSoon();
    }

    /// <summary>
    /// Submits what was collected, on this thread, unless another one is at it. Not to be called under a session's lock: the sequencer may
    /// have to wait until the replica has delivered to that session.
    /// </summary>
    public void Submit()
    {
        for (var i = 0; i < MostSubmissionsInARow; i++)
        {
            if (!TryBegin(out var epoch, out var requests))
                return;

            if (requests is null)
            {
                _ = SubmitAsync(epoch);
                return;
            }

            var isTaken = false;
            try
            {
                isTaken = orderer.Order(epoch.Epoch, undecided.Submitter, requests);
            }
            finally
            {
                Release(epoch, isTaken, Emptied(requests));
            }
        }

        SubmitSoon();
    }

    /// <summary>Something was decided: what waited for that is submitted to another silo's sequencer.</summary>
    public void OnDecided()
    {
        if (!Volatile.Read(ref _isLocal))
            Submit();
    }

    /// <summary>Submits what was collected, on another thread.</summary>
    public void SubmitSoon() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Submit();

    private static SubmittedRequest Submitted(PendingRequest request) =>
        new(request.Number, request.SessionId, request.Operation, request.Body, request.Identities);

    /// <summary>Whether there is something to submit now: to this silo's sequencer the requests given, to another's what is there then.</summary>
    private bool TryBegin(out EpochBeginning epoch, out List<SubmittedRequest>? requests)
    {
        lock (_lock)
        {
            (epoch, requests) = (_epoch!, null);
            if (_epoch is null || _isSubmitting || _collected.Count == 0 || IsTooLittle())
                return false;

            _isSubmitting = true;
            requests = _isLocal ? TakeAll() : null;
            return true;
        }
    }

    /// <summary>Whether what was collected is to wait until more is, or until some of what is under way is decided (<see cref="OnDecided"/>).</summary>
    private bool IsTooLittle()
    {
        var underWay = undecided.Count - _collected.Count;
        return !_isLocal && _collected.Count < Math.Min(underWay, WorthAMessage);
    }

    private List<SubmittedRequest> TakeAll()
    {
        var requests = _collected;
        (_collected, _spare) = (_spare ?? [], null);
        return requests;
    }

    /// <summary>
    /// A list that this silo's sequencer is done with, for what is collected next; null when it is too long to be kept. One that went into a
    /// message is not for that: should it be sent again, the first may be read later.
    /// </summary>
    private static List<SubmittedRequest>? Emptied(List<SubmittedRequest> requests)
    {
        if (requests.Capacity > LongestSpare)
            return null;

        requests.Clear();
        return requests;
    }

    /// <summary>Takes what goes into one message; null when another epoch began meanwhile, to which all of it is submitted.</summary>
    private List<SubmittedRequest>? TakeForMessage(EpochBeginning epoch)
    {
        lock (_lock)
        {
            if (_epoch != epoch)
                return null;

            var count = 0;
            for (var bytes = 0; count < _collected.Count && bytes < MostBytesInMessage; count++)
                bytes += _collected[count].Body.Length;
            if (count == _collected.Count)
                return TakeAll();

            var requests = _collected.GetRange(0, count);
            _collected.RemoveRange(0, count);
            return requests;
        }
    }

    /// <summary>Lets the next submission go, unless another epoch began meanwhile. A sequencer that took nothing is none any more.</summary>
    private bool Release(EpochBeginning epoch, bool isTaken, List<SubmittedRequest>? spare = null)
    {
        lock (_lock)
        {
            _spare ??= spare;
            if (_epoch != epoch)
                return false;

            _isSubmitting = false;
            if (!isTaken)
                _epoch = null;
            return isTaken;
        }
    }

    /// <summary>
    /// Where processors are short, those who have more to submit go first, as long as more comes: one larger message costs less than two, here
    /// and all the way to the log. Where they are not, this takes no time.
    /// </summary>
    private void LetMoreCome()
    {
        var before = 0;
        for (var i = 0; i < MostYields; i++)
        {
            int collected;
            lock (_lock)
                collected = _collected.Count;
            if (collected == before || collected >= WorthAMessage)
                return;

            before = collected;
            Thread.Yield();
        }
    }

    private async Task SubmitAsync(EpochBeginning epoch)
    {
        // On another thread: what this one receives from other clients in the same round goes along.
        await Task.Yield();
        LetMoreCome();
        if (TakeForMessage(epoch) is not { } requests)
            return;

        while (true)
        {
            try
            {
                var isTaken = await silos.SubmitAsync(epoch.Holder, epoch.Epoch, new Submission(undecided.Submitter, requests)).ConfigureAwait(false);
                if (Release(epoch, isTaken))
                    Submit();
                return;
            }
            catch (Exception)
            {
                // Whether it arrived does not matter: the same again, until the holder or a later epoch answers.
                await Task.Delay(PauseAfterFailure, time).ConfigureAwait(false);
            }

            lock (_lock)
            {
                if (_epoch != epoch)
                    return;
            }
        }
    }
}
