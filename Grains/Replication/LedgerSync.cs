using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Waits until this replica shows every write that was acknowledged before, anywhere. A write is acknowledged when the ledger has it, so the
/// ledger is asked how far it is: that holds whoever believes to be the sequencer (ZooKeeper asks the leader, which may be deposed). Those who
/// come while the ledger is being asked share the next question.
/// </summary>
internal sealed partial class LedgerSync(ITransactionLog log, Replica replica, TimeProvider time, ILogger<LedgerSync> logger)
{
    /// <summary>How long the replica may take to get where the ledger is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<long> _asking = Task.FromResult(0L);
    private Task<long>? _next;

    /// <summary>Completes when this replica shows what was acknowledged before the call.</summary>
    /// <exception cref="IOException">The ledger cannot be asked, or the replica is not kept up to date.</exception>
    public async Task WaitAsync()
    {
        var zxid = await AskAsync().ConfigureAwait(false);
        if (!await replica.TryWaitForAsync(zxid, Patience, time).ConfigureAwait(false))
            throw new IOException($"This silo has not seen zxid 0x{zxid:x}, which the ledger has, after {Patience}.");
    }

    /// <summary>As <see cref="WaitAsync"/>; false when it cannot be.</summary>
    public async Task<bool> TryWaitAsync()
    {
        try
        {
            await WaitAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            LogNotSynced(exception.Message);
            return false;
        }
    }

    private Task<long> AskAsync()
    {
        lock (_lock)
            return _next ??= AskAfterAsync(_asking);
    }

    private async Task<long> AskAfterAsync(Task<long> before)
    {
        // The caller holds the lock.
        await Task.Yield();
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            (_asking, _next) = (_next!, null);
        return await log.ReadLastZxidAsync().ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning, "A sync failed: {Reason}")]
    private partial void LogNotSynced(string reason);
}
