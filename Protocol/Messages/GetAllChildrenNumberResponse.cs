using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getAllChildrenNumber.</summary>
/// <param name="TotalNumber">The number of the node's descendants.</param>
public readonly record struct GetAllChildrenNumberResponse(int TotalNumber) : IJuteRecord<GetAllChildrenNumberResponse>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = JuteSize.Int;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static GetAllChildrenNumberResponse Read(ref JuteReader reader) => new(reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteInt(TotalNumber);
}
