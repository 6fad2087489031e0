using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to exists.</summary>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct ExistsResponse(Stat Stat) : IJuteRecord<ExistsResponse>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = Stat.WireSize;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static ExistsResponse Read(ref JuteReader reader) => new(Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => Stat.Write(ref writer);
}
