using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to getACL.</summary>
/// <param name="Acl">The access control list of the node.</param>
/// <param name="Stat">The stat of the node.</param>
public readonly record struct GetAclResponse(Acl[]? Acl, Stat Stat) : IJuteRecord<GetAclResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfRecords(Acl) + Stat.WireSize;

    /// <inheritdoc/>
    public static GetAclResponse Read(ref JuteReader reader) => new(
        reader.ReadRecords<Acl>(Protocol.Acl.MinimumWireSize),
        Stat.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteRecords(Acl);
        Stat.Write(ref writer);
    }
}
