using System.Runtime.ExceptionServices;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>
/// A write that is tried until its outcome is known. It remembers whether an earlier attempt may have happened: only then does a refusal of
/// a later one have two possible reasons. Whoever gives up while that is so says that the outcome is unknown, not that it was cancelled.
/// </summary>
internal sealed class UnansweredWrite(IKeeperClient client, TimeProvider time)
{
    private Backoff? _backoff;
    private ExceptionDispatchInfo? _unanswered;

    /// <summary>Whether an earlier attempt may have happened.</summary>
    public bool MayHaveHappened => _unanswered is not null;

    /// <summary>After an attempt that failed for a passing reason: waits until it makes sense to try again.</summary>
    public async Task WaitForNextAttemptAsync(KeeperException trouble, CancellationToken cancellationToken)
    {
        if (trouble.Outcome == OperationOutcome.Unknown)
            _unanswered ??= ExceptionDispatchInfo.Capture(trouble);
        _backoff ??= Backoff.ForReconnection(time);
        try
        {
            await client.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
            await _backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (MayHaveHappened && exception is OperationCanceledException or ClientClosedException)
        {
            ThrowUnknown();
        }
    }

    /// <summary>Says that the outcome is unknown, in the words of the first attempt whose answer was lost.</summary>
    public void ThrowUnknown() => _unanswered?.Throw();
}
