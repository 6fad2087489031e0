using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol;

/// <summary>One entry of an access control list: who may do what.</summary>
/// <param name="Permissions">What the identity may do.</param>
/// <param name="Id">Who.</param>
public readonly record struct Acl(Permissions Permissions, Id Id) : IJuteRecord<Acl>
{
    /// <summary>The fewest bytes the record takes.</summary>
    public const int MinimumWireSize = JuteSize.Int + Id.MinimumWireSize;

    /// <inheritdoc/>
    public int Size => JuteSize.Int + Id.Size;

    /// <inheritdoc/>
    public static Acl Read(ref JuteReader reader) => new((Permissions)reader.ReadInt(), Id.Read(ref reader));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt((int)Permissions);
        Id.Write(ref writer);
    }
}
