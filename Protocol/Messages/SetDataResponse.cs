using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to setData.</summary>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct SetDataResponse(Stat Stat) : IJuteRecord<SetDataResponse>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = Stat.WireSize;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static SetDataResponse Read(ref JuteReader reader) => new(Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => Stat.Write(ref writer);
}
