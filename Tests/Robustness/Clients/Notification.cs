using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>A watch event and when it came, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> counts.</summary>
internal sealed record Notification(long Zxid, WatcherEvent Event, long ArrivedAt);
