using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>A watch event as it came.</summary>
internal sealed record EventRecord(long Zxid, WatcherEventType Type, string Path);
