using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to sync.</summary>
/// <param name="Path">The path of the node.</param>
public readonly record struct PathResponse(string? Path) : IJuteRecord<PathResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path);

    /// <inheritdoc/>
    public static PathResponse Read(ref JuteReader reader) => new(reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteString(Path);
}
