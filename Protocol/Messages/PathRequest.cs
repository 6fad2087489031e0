using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The body of getACL, sync, getEphemerals (where the path is a prefix), getAllChildrenNumber and deleteContainer.
/// </summary>
/// <param name="Path">The path of the node.</param>
public readonly record struct PathRequest(string? Path) : IJuteRecord<PathRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path);

    /// <inheritdoc/>
    public static PathRequest Read(ref JuteReader reader) => new(reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteString(Path);
}
