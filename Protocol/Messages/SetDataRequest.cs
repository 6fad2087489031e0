using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of setData.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Data">The data of the node.</param>
/// <param name="Version">The version the node must have, or -1 for any.</param>
public readonly record struct SetDataRequest(string? Path, byte[]? Data, int Version) : IJuteRecord<SetDataRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.OfBuffer(Data) + JuteSize.Int;

    /// <inheritdoc/>
    public static SetDataRequest Read(ref JuteReader reader) => new(reader.ReadString(), reader.ReadBuffer(), reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteBuffer(Data);
        writer.WriteInt(Version);
    }
}
