using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of checkWatches and removeWatches.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Type">Which watches, not yet checked to be a known type.</param>
public readonly record struct WatcherTypeRequest(string? Path, WatcherType Type) : IJuteRecord<WatcherTypeRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.Int;

    /// <inheritdoc/>
    public static WatcherTypeRequest Read(ref JuteReader reader) => new(reader.ReadString(), (WatcherType)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteInt((int)Type);
    }
}
