using OrleansKeeper.Protocol;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>How Orleans carries a Stat of the protocol: as its bytes on ZooKeeper's wire.</summary>
[GenerateSerializer, Alias("OrleansKeeper.StatSurrogate")]
public struct StatSurrogate
{
    /// <summary>The encoded Stat.</summary>
    [Id(0)]
    public byte[] Encoded;
}

/// <summary>Converts a Stat to what Orleans carries, and back.</summary>
[RegisterConverter]
public sealed class StatSurrogateConverter : IConverter<Stat, StatSurrogate>
{
    /// <inheritdoc/>
    public Stat ConvertFromSurrogate(in StatSurrogate surrogate) => Protocol.Jute.JuteRecords.Parse<Stat>(surrogate.Encoded);

    /// <inheritdoc/>
    public StatSurrogate ConvertToSurrogate(in Stat value) => new() { Encoded = Protocol.Jute.JuteRecords.ToArray(value) };
}
