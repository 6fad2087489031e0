using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of exists, getData, getChildren and getChildren2.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Watch">Whether to leave a watch.</param>
public readonly record struct PathWatchRequest(string? Path, bool Watch) : IJuteRecord<PathWatchRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.Byte;

    /// <inheritdoc/>
    public static PathWatchRequest Read(ref JuteReader reader) => new(reader.ReadString(), reader.ReadBoolean());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteBoolean(Watch);
    }
}
