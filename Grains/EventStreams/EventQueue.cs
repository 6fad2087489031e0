using System.Threading.Channels;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>
/// What this silo's sessions have to tell their .NET clients, on its way to the silo's stream agent. Bounded: what does not fit is dropped, and
/// the clients see from the numbers that they miss something.
/// </summary>
internal sealed class EventQueue
{
    private const int Capacity = 16 * 1024;

    private readonly Channel<SessionEventContainer> _messages = Channel.CreateBounded<SessionEventContainer>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _lastNumber;

    /// <summary>Sends events on a session's stream. Does not wait.</summary>
    public void Publish(StreamId stream, SessionEvents events) => Write(stream, [events]);

    /// <summary>The session has ended: nothing more comes on its stream.</summary>
    public void End(StreamId stream) => Write(stream, []);

    /// <summary>Waits until there are messages, and takes some.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before there were any.</exception>
    public async Task<List<SessionEventContainer>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var taken = new List<SessionEventContainer>();
        await _messages.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        while (taken.Count < most && _messages.Reader.TryRead(out var message))
            taken.Add(message);
        return taken;
    }

    private void Write(StreamId stream, IReadOnlyList<SessionEvents> events) =>
        _messages.Writer.TryWrite(new SessionEventContainer(stream, events, Interlocked.Increment(ref _lastNumber)));
}
