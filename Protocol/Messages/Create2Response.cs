using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to create2, createContainer and createTTL.</summary>
/// <param name="Path">The path of the node, with the counter of a sequential one.</param>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct Create2Response(string? Path, Stat Stat) : IJuteRecord<Create2Response>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + Stat.WireSize;

    /// <inheritdoc/>
    public static Create2Response Read(ref JuteReader reader) => new(reader.ReadString(), Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        Stat.Write(ref writer);
    }
}
