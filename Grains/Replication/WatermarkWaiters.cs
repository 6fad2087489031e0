namespace OrleansKeeper.Grains.Replication;

/// <summary>Those who wait until the replica has seen a transaction.</summary>
internal sealed class WatermarkWaiters
{
    private readonly Lock _lock = new();
    private readonly List<(long Zxid, TaskCompletionSource Reached)> _waiters = [];
    private int _count;

    /// <summary>Completes when the watermark has reached the zxid.</summary>
    /// <param name="zxid">The zxid.</param>
    /// <param name="watermark">Reads the watermark.</param>
    public Task WaitAsync(long zxid, Func<long> watermark) => zxid <= watermark() ? Task.CompletedTask : Add(zxid, watermark).Task;

    /// <summary>Waits until the watermark has reached the zxid; false when it has not within that time, and then nobody waits any more.</summary>
    /// <param name="zxid">The zxid.</param>
    /// <param name="watermark">Reads the watermark.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    public async ValueTask<bool> TryWaitAsync(long zxid, Func<long> watermark, TimeSpan patience, TimeProvider time)
    {
        if (zxid <= watermark())
            return true;

        var reached = Add(zxid, watermark);
        try
        {
            await reached.Task.WaitAsync(patience, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            Remove(reached);
            return false;
        }
    }

    /// <summary>Releases those whose transaction has been seen.</summary>
    public void Release(long watermark)
    {
        if (Volatile.Read(ref _count) == 0)
            return;

        lock (_lock)
        {
            foreach (var (zxid, reached) in _waiters)
            {
                if (zxid <= watermark)
                    reached.TrySetResult();
            }

            _waiters.RemoveAll(waiter => waiter.Reached.Task.IsCompleted);
            Volatile.Write(ref _count, _waiters.Count);
        }
    }

    private TaskCompletionSource Add(long zxid, Func<long> watermark)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.Add((zxid, reached));
            Interlocked.Increment(ref _count);
        }

        // The watermark may have passed before anybody could see that we wait.
        Release(watermark());
        return reached;
    }

    private void Remove(TaskCompletionSource reached)
    {
        lock (_lock)
        {
            _waiters.RemoveAll(waiter => waiter.Reached == reached);
            Volatile.Write(ref _count, _waiters.Count);
        }
    }
}
