using OrleansKeeper.GrainInterfaces.Events;
using Orleans.Streams;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>
/// Gives the stream agent what is in the queue. Orleans' agents ask, and ask again at once while they get something; this receiver answers when
/// there is something, so that nobody polls: an event waits for no timer, and an idle silo does nothing.
/// </summary>
internal sealed class EventQueueReceiver(EventQueue queue, EventCache cache) : IQueueAdapterReceiver
{
    private const int MostMessages = 1024;

    /// <summary>The agent's own housekeeping runs between two reads.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        patience.CancelAfter(LongestWait);
        try
        {
            return await TakeAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => _stopping.CancelAsync();

    private async Task<IList<IBatchContainer>> TakeAsync(CancellationToken cancellationToken)
    {
        var messages = new List<IBatchContainer>();
        while (messages.Count == 0)
        {
            // On the agent's scheduler, as everything that touches the cache.
            foreach (var message in await queue.TakeAsync(MostMessages, cancellationToken))
                AddOrEnd(message, messages);
        }

        return messages;
    }

    private void AddOrEnd(SessionEventContainer message, List<IBatchContainer> messages)
    {
        if (message.Events.Count > 0)
        {
            messages.Add(message);
            return;
        }

        cache.End(message.StreamId);
        messages.RemoveAll(earlier => earlier.StreamId.Equals(message.StreamId));
    }
}
