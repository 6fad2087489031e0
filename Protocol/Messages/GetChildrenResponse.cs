using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getChildren.</summary>
/// <param name="Children">The names of the children.</param>
public readonly record struct GetChildrenResponse(string[]? Children) : IJuteRecord<GetChildrenResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfStrings(Children);

    /// <inheritdoc/>
    public static GetChildrenResponse Read(ref JuteReader reader) => new(reader.ReadStrings());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteStrings(Children);
}
