using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Watches;

/// <summary>What a watcher is told.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">To which znode (not which path was watched).</param>
/// <param name="Zxid">The transaction that did it.</param>
/// <param name="Acl">Whoever may not read by this list is not told.</param>
internal readonly record struct WatchEvent(WatcherEventType Type, string Path, long Zxid, AccessControlList Acl);
