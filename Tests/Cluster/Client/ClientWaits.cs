using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Waits for what a client is told, never for longer than a limit.</summary>
internal static class ClientWaits
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Completes when the client's connection is in a state.</summary>
    public static async Task UntilAsync(this KeeperClient client, KeeperConnectionState state)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += Look;
        Look(client, client.State);
        await reached.Task.WaitAsync(Patience);
        client.StateChanged -= Look;

        void Look(object? sender, KeeperConnectionState current)
        {
            if (current == state)
                reached.TrySetResult();
        }
    }

    /// <summary>The next events of a watch.</summary>
    public static async Task<List<WatchEvent>> NextAsync(this KeeperWatch watch, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var events = new List<WatchEvent>();
        if (count == 0)
            return events;

        await foreach (var watchEvent in watch.WithCancellation(limit.Token))
        {
            events.Add(watchEvent);
            if (events.Count == count)
                break;
        }

        return events;
    }

    /// <summary>All events until the watch ends.</summary>
    public static async Task<List<WatchEvent>> ToListAsync(this KeeperWatch watch)
    {
        var events = new List<WatchEvent>();
        await foreach (var watchEvent in watch)
            events.Add(watchEvent);
        return events;
    }

    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <summary>Completes when a token is cancelled.</summary>
    public static async Task UntilCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Patience);
    }
}
