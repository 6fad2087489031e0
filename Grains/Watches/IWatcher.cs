
namespace OrleansKeeper.Grains.Watches;

/// <summary>Whoever watches: a session that is connected to this silo.</summary>
internal interface IWatcher
{
    /// <summary>What this watcher watches, so that all of it can be removed with it.</summary>
    WatchedPaths Watched { get; }

    /// <summary>Hands over an event; it is on its way to the client, in order, when this returns.</summary>
    void Deliver(in WatchEvent watchEvent, DeliveryRound round);
}
