using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getChildren2.</summary>
/// <param name="Children">The names of the children.</param>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct GetChildren2Response(string[]? Children, Stat Stat) : IJuteRecord<GetChildren2Response>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfStrings(Children) + Stat.WireSize;

    /// <inheritdoc/>
    public static GetChildren2Response Read(ref JuteReader reader) => new(reader.ReadStrings(), Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteStrings(Children);
        Stat.Write(ref writer);
    }
}
