using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of setACL.</summary>
/// <param name="Path">The path of the node.</param>
/// <param name="Acl">The access control list of the node.</param>
/// <param name="Version">The version the access control list must have, or -1 for any.</param>
public readonly record struct SetAclRequest(string? Path, Acl[]? Acl, int Version) : IJuteRecord<SetAclRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Path) + JuteSize.OfRecords(Acl) + JuteSize.Int;

    /// <inheritdoc/>
    public static SetAclRequest Read(ref JuteReader reader) => new(
        reader.ReadString(),
        reader.ReadRecords<Acl>(Protocol.Acl.MinimumWireSize),
        reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteRecords(Acl);
        writer.WriteInt(Version);
    }
}
