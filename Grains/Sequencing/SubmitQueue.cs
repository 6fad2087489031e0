using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Collects the write requests of all sessions of this silo and submits them to the sequencer, one submission in flight at a time:
/// whatever arrives meanwhile goes with the next one. Keeps every request until it is decided (rule R9).
/// </summary>
internal sealed partial class SubmitQueue(IGrainFactory grains, ILogger<SubmitQueue> logger) : IThreadPoolWorkItem
{
    private static readonly TimeSpan PauseBeforeRetry = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, PendingRequest> _undecided = [];
    private List<SubmittedRequest> _collected = [];
    private bool _isSubmitting;
    private long _lastNumber;
    private ISequencerGrain? _sequencer;

    /// <summary>This silo's name for this life of it: no two lives share one.</summary>
    public string Submitter { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Number of requests that are not decided yet.</summary>
    public int Outstanding => _undecided.Count;

    public void Enqueue(PendingRequest request)
    {
        lock (_lock)
        {
            request.IsSubmitted = true;
            request.Number = ++_lastNumber;
            _undecided.Add(request.Number, request);
            _collected.Add(new SubmittedRequest(
                request.Number, request.SessionId, request.Operation, request.Body, request.Identities));
            if (_isSubmitting)
                return;

            _isSubmitting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>A transaction was applied: tells the owner if the request was this silo's.</summary>
    public void Decide(Transaction transaction, DeliveryRound round)
    {
        if (Take(transaction.Origin) is not { } request)
            return;

        request.Decision = transaction;
        request.Owner.Decided(request, round);
    }

    /// <summary>A request did not become a transaction: tells the owner if it was this silo's.</summary>
    public void Reject(RequestOrigin origin, ErrorCode error, DeliveryRound round)
    {
        if (Take(origin) is not { } request)
            return;

        request.Rejection = error;
        request.Owner.Decided(request, round);
    }

    void IThreadPoolWorkItem.Execute() => _ = SubmitAllAsync();

    private PendingRequest? Take(RequestOrigin origin)
    {
        if (origin.Submitter != Submitter)
            return null;

        lock (_lock)
            return _undecided.Remove(origin.Number, out var request) ? request : null;
    }

    private async Task SubmitAllAsync()
    {
        while (TakeCollected() is { } requests)
            await SubmitAsync(new Submission(Submitter, requests)).ConfigureAwait(false);
    }

    private List<SubmittedRequest>? TakeCollected()
    {
        lock (_lock)
        {
            if (_collected.Count == 0)
            {
                _isSubmitting = false;
                return null;
            }

            var requests = _collected;
            _collected = [];
            return requests;
        }
    }

    private async Task SubmitAsync(Submission submission)
    {
        while (true)
        {
            try
            {
                _sequencer ??= grains.GetGrain<ISequencerGrain>(0);
                await _sequencer.Submit(submission).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                // The sequencer of this silo takes a submission as a whole or throws before it took any of it.
                LogSubmissionFailed(submission.Requests.Count, exception);
                await Task.Delay(PauseBeforeRetry).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A submission of {Count} requests was not taken; it is submitted again.")]
    private partial void LogSubmissionFailed(int count, Exception exception);
}
