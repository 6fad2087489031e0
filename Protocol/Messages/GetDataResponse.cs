using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getData and to reconfig.</summary>
/// <param name="Data">The data of the node.</param>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct GetDataResponse(byte[]? Data, Stat Stat) : IJuteRecord<GetDataResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfBuffer(Data) + Stat.WireSize;

    /// <inheritdoc/>
    public static GetDataResponse Read(ref JuteReader reader) => new(reader.ReadBuffer(), Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteBuffer(Data);
        Stat.Write(ref writer);
    }
}
