namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What a watch heard of.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">To which znode.</param>
/// <param name="Zxid">The transaction that did it.</param>
public readonly record struct WatchEvent(WatchEventType Type, string Path, long Zxid);
