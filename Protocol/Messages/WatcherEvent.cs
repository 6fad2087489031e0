using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>What a watch tells, sent with the xid of a notification.</summary>
/// <param name="Type">What happened.</param>
/// <param name="State">The state of the connection.</param>
/// <param name="Path">The path of the node.</param>
public readonly record struct WatcherEvent(WatcherEventType Type, KeeperState State, string? Path) : IJuteRecord<WatcherEvent>
{
    /// <inheritdoc/>
    public int Size => JuteSize.Int + JuteSize.Int + JuteSize.OfString(Path);

    /// <inheritdoc/>
    public static WatcherEvent Read(ref JuteReader reader) => new(
        (WatcherEventType)reader.ReadInt(),
        (KeeperState)reader.ReadInt(),
        reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt((int)Type);
        writer.WriteInt((int)State);
        writer.WriteString(Path);
    }
}
