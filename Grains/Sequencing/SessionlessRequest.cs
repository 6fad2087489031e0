using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>A request of the service's own or of a grain's caller: nobody's queue waits behind it.</summary>
internal sealed class SessionlessRequest : IRequestOwner
{
    private static readonly Identity[] NoIdentities = [];

    private readonly TaskCompletionSource<Transaction> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isGone;

    private SessionlessRequest()
    {
    }

    /// <summary>
    /// The transaction that the request made, once the replica shows it. Fails with <see cref="IOException"/> when the log could not be
    /// written; the message says whether the request did not happen, or nobody knows.
    /// </summary>
    public Task<Transaction> Transaction => _decision.Task;

    /// <summary>Submits a request for a session that opens, moves or closes, or for none (0).</summary>
    public static SessionlessRequest Submit(SubmitQueue queue, OpCode operation, byte[] body, long sessionId = 0)
    {
        var request = new SessionlessRequest();
        queue.Enqueue(new PendingRequest(request, 0, operation, body) { SessionId = sessionId, Identities = NoIdentities });
        queue.Submit();
        return request;
    }

    public bool IsGone => _isGone;

    /// <summary>Nobody waits for it any more: another sequencer is not asked for it once more.</summary>
    public void GiveUp() => _isGone = true;

    public void Decided(PendingRequest request, DeliveryRound round)
    {
        if (request.Decision is { } transaction)
            _decision.TrySetResult(transaction);
        else
            _decision.TrySetException(new IOException(ReasonOf(request.Rejection)));
    }

    public void GivenUp(PendingRequest request) => _decision.TrySetCanceled();

    private static string ReasonOf(ErrorCode rejection) => rejection == ErrorCode.ConnectionLoss
        ? "The database was lost while the request was written to the transaction log; nobody knows whether it happened."
        : "The transaction log cannot be written; the request did not happen.";
}
