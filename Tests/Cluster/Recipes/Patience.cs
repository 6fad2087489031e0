using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Waiting for what a recipe does in its own time.</summary>
internal static class Patience
{
    /// <summary>How long to wait for what must happen. A failure takes so long, and nothing else.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Long);
        while (!await condition())
            await Task.Delay(10, patience.Token);
    }

    public static async Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task.WaitAsync(Long);
    }

    public static Task WhenConnectedAsync(this IKeeperClient client) =>
        UntilAsync(() => Task.FromResult(client.State == KeeperConnectionState.Connected && !client.Session.Lost.IsCancellationRequested));

    /// <summary>Does something until there is a connection for it. It may be done twice.</summary>
    public static async Task<T> TryAsync<T>(Func<Task<T>> operation)
    {
        using var patience = new CancellationTokenSource(Long);
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (KeeperException exception) when (exception is ConnectionLostException or SessionExpiredException)
            {
                await Task.Delay(10, patience.Token);
            }
        }
    }
}
