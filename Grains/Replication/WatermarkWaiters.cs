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
    public Task WaitAsync(long zxid, Func<long> watermark)
    {
        if (zxid <= watermark())
            return Task.CompletedTask;

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.Add((zxid, reached));
            Interlocked.Increment(ref _count);
        }

        // The watermark may have passed before anybody could see that we wait.
        Release(watermark());
        return reached.Task;
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
}
