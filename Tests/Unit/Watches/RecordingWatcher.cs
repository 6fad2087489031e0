using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Tests.Unit.Watches;

/// <summary>Writes down the events that it gets.</summary>
internal sealed class RecordingWatcher(string name = "", List<string>? log = null) : IWatcher, IFlushable
{
    public WatchedPaths Watched { get; } = new();

    public List<string> Events { get; } = log ?? [];

    /// <summary>Something to note with each event.</summary>
    public Func<WatchEvent, string>? OnEvent { get; init; }

    public bool IsInRound { get; set; }

    public int Flushes { get; private set; }

    public void Deliver(in WatchEvent watchEvent, DeliveryRound round)
    {
        var note = OnEvent is null ? "" : " " + OnEvent(watchEvent);
        Events.Add($"{(name.Length == 0 ? "" : name + ": ")}{watchEvent.Type} {watchEvent.Path} {watchEvent.Zxid}{note}");
        round.Touch(this);
    }

    public void Flush() => Flushes++;
}
