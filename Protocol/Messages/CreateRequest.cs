using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of create, create2 and createContainer.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Data">The data of the node.</param>
/// <param name="Acl">The access control list of the node.</param>
/// <param name="Flags">The <see cref="CreateMode"/>, not yet checked to be one.</param>
public readonly record struct CreateRequest(string? Path, byte[]? Data, Acl[]? Acl, int Flags) : IJuteRecord<CreateRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.OfBuffer(Data) + JuteSize.OfRecords(Acl) + JuteSize.Int;

    /// <inheritdoc/>
    public static CreateRequest Read(ref JuteReader reader) => new(
        reader.ReadString(),
        reader.ReadBuffer(),
        reader.ReadRecords<Acl>(Protocol.Acl.MinimumWireSize),
        reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteBuffer(Data);
        writer.WriteRecords(Acl);
        writer.WriteInt(Flags);
    }
}
