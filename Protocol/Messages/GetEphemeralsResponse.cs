using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getEphemerals.</summary>
/// <param name="Ephemerals">The paths of the session's ephemeral nodes.</param>
public readonly record struct GetEphemeralsResponse(string[]? Ephemerals) : IJuteRecord<GetEphemeralsResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfStrings(Ephemerals);

    /// <inheritdoc/>
    public static GetEphemeralsResponse Read(ref JuteReader reader) => new(reader.ReadStrings());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteStrings(Ephemerals);
}
