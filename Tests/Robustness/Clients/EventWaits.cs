using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>Waiting for watch events, never for longer than a limit.</summary>
internal static class EventWaits
{
    public static async Task<Notification> NextEventAsync(this KeeperSession session, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            return await session.Connection.Events.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No watch event within {limit}.");
        }
    }

    public static void Is(this Notification notification, WatcherEventType type, string path)
    {
        Assert.Equal(type, notification.Event.Type);
        Assert.Equal(path, notification.Event.Path);
    }
}
