using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to create.</summary>
/// <param name="Path">The path of the node, with the counter of a sequential one.</param>
public readonly record struct CreateResponse(string? Path) : IJuteRecord<CreateResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path);

    /// <inheritdoc/>
    public static CreateResponse Read(ref JuteReader reader) => new(reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteString(Path);
}
