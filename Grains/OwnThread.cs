namespace OrleansKeeper.Grains;

/// <summary>
/// Rare work that blocks, on a thread that exists for it alone. On a thread of the pool it would hold up whatever is queued there, and on a
/// machine of few processors perhaps the very thing that it waits for: with two threads in the pool, silos that started at the same time
/// did not get beyond the claim of the first epoch.
/// </summary>
internal static class OwnThread
{
    public static Task RunAsync(Action work) => RunAsync(() => { work(); return true; }, CancellationToken.None);

    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
