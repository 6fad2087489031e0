using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Collects the write requests of all sessions of this silo and submits them to the sequencer, one submission at a time: whatever arrives
/// meanwhile goes with the next one. This silo's sequencer is called directly and not through its grain: a message would put two changes
/// of threads into every write, which took a third of the processor time of one and half as long again for a client that waits for each.
/// </summary>
internal sealed class SubmitQueue(UndecidedRequests undecided, TransactionOrderer orderer) : IThreadPoolWorkItem
{
    /// <summary>A socket's thread submits for others only so often, before it goes back to its own work.</summary>
    private const int MostSubmissionsInARow = 8;

    private readonly Lock _lock = new();
    private List<SubmittedRequest> _collected = [];
    private bool _isSubmitting;

    /// <summary>Adds a request to the next submission. The caller sees to it that it is submitted.</summary>
    public void Enqueue(PendingRequest request)
    {
        lock (_lock)
        {
            request.IsSubmitted = true;
            undecided.Add(request);
            _collected.Add(new SubmittedRequest(
                request.Number, request.SessionId, request.Operation, request.Body, request.Identities));
        }
    }

    /// <summary>
    /// Submits what was collected, on this thread, unless another one is at it. Not to be called under a session's lock: the sequencer may
    /// have to wait until the replica has delivered to that session.
    /// </summary>
    public void Submit()
    {
        for (var i = 0; i < MostSubmissionsInARow; i++)
        {
            if (Take() is not { } requests)
                return;

            try
            {
                orderer.Order(new Submission(undecided.Submitter, requests));
            }
            finally
            {
                lock (_lock)
                    _isSubmitting = false;
            }
        }

        SubmitSoon();
    }

    /// <summary>Submits what was collected, on another thread.</summary>
    public void SubmitSoon() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Submit();

    private List<SubmittedRequest>? Take()
    {
        lock (_lock)
        {
            if (_isSubmitting || _collected.Count == 0)
                return null;

            _isSubmitting = true;
            var requests = _collected;
            _collected = [];
            return requests;
        }
    }
}
