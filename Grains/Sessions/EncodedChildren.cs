using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>The body of a reply to getChildren, or with a Stat to getChildren2, from names that are encoded already.</summary>
internal readonly record struct EncodedChildren(ChildListing Listing, Stat? Stat) : IJuteWritable
{
    public int Size => Listing.Names.Length + (Stat is null ? 0 : Protocol.Stat.WireSize);

    public void Write(ref JuteWriter writer)
    {
        writer.WriteRaw(Listing.Names);
        Stat?.Write(ref writer);
    }
}
