using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>A client's subscription to the event stream of its session.</summary>
/// <param name="cluster">The Orleans client.</param>
/// <param name="sessionId">The session.</param>
/// <param name="arrived">Called with what comes.</param>
internal sealed class EventSubscription(IClusterClient cluster, long sessionId, Action<SessionEvents> arrived) : IAsyncObserver<SessionEvents>
{
    private StreamSubscriptionHandle<SessionEvents>? _handle;

    private IAsyncStream<SessionEvents> Stream =>
        cluster.GetStreamProvider(SessionEventStream.Provider).GetStream<SessionEvents>(SessionEventStream.Of(sessionId));

    /// <summary>Subscribes, or makes sure that the subscription is still there: Orleans drops it when it finds the client gone for a while.</summary>
    public async Task EnsureAsync()
    {
        var stream = Stream;
        if (_handle is { } handle)
        {
            var handles = await stream.GetAllSubscriptionHandles().ConfigureAwait(false);
            if (handles.Any(known => known.HandleId == handle.HandleId))
                return;
        }

        _handle = await stream.SubscribeAsync(this).ConfigureAwait(false);
    }

    /// <summary>Removes it as far as that is possible; the service removes what is left with the session.</summary>
    public async Task RemoveAsync(TimeSpan patience)
    {
        if (_handle is { } handle)
            await handle.UnsubscribeAsync().WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _handle = null;
    }

    public Task OnNextAsync(SessionEvents item, StreamSequenceToken? token = null)
    {
        arrived(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
