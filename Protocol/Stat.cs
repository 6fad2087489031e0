using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol;

/// <summary>What a node carries besides its data and its access control list.</summary>
/// <param name="Czxid">The transaction that created the node.</param>
/// <param name="Mzxid">The transaction that last set its data.</param>
/// <param name="Ctime">When it was created, in milliseconds since the Unix epoch.</param>
/// <param name="Mtime">When its data was last set, likewise.</param>
/// <param name="Version">How often its data was set.</param>
/// <param name="Cversion">How often its children changed.</param>
/// <param name="Aversion">How often its access control list was set.</param>
/// <param name="EphemeralOwner">The session of an ephemeral node; else 0, or the marks of a container or a time to live.</param>
/// <param name="DataLength">The length of its data.</param>
/// <param name="NumChildren">The number of its children.</param>
/// <param name="Pzxid">The transaction that last changed its children.</param>
public readonly record struct Stat(
    long Czxid,
    long Mzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Cversion,
    int Aversion,
    long EphemeralOwner,
    int DataLength,
    int NumChildren,
    long Pzxid) : IJuteRecord<Stat>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = 6 * JuteSize.Long + 5 * JuteSize.Int;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static Stat Read(ref JuteReader reader) => new(
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadLong(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadLong(),
        reader.ReadInt(),
        reader.ReadInt(),
        reader.ReadLong());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteLong(Czxid);
        writer.WriteLong(Mzxid);
        writer.WriteLong(Ctime);
        writer.WriteLong(Mtime);
        writer.WriteInt(Version);
        writer.WriteInt(Cversion);
        writer.WriteInt(Aversion);
        writer.WriteLong(EphemeralOwner);
        writer.WriteInt(DataLength);
        writer.WriteInt(NumChildren);
        writer.WriteLong(Pzxid);
    }
}
