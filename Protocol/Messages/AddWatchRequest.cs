using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of addWatch.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Mode">What kind of watch, not yet checked to be a known mode.</param>
public readonly record struct AddWatchRequest(string? Path, AddWatchMode Mode) : IJuteRecord<AddWatchRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.Int;

    /// <inheritdoc/>
    public static AddWatchRequest Read(ref JuteReader reader) => new(reader.ReadString(), (AddWatchMode)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteInt((int)Mode);
    }
}
