using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of check.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Version">The version the node must have, or -1 for any.</param>
public readonly record struct CheckVersionRequest(string? Path, int Version) : IJuteRecord<CheckVersionRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.Int;

    /// <inheritdoc/>
    public static CheckVersionRequest Read(ref JuteReader reader) => new(reader.ReadString(), reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteInt(Version);
    }
}
