using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// One version of a znode: its Stat, data and access control list, without its place in the tree and without its children's names.
/// A version never changes once it is published, so that readers need no lock; a change makes another one.
/// </summary>
internal sealed class ZNode
{
    /// <summary>Stands for data that is in the store but not in memory. It has a length so that no empty data is the same object.</summary>
    private static readonly byte[] NotResidentData = new byte[1];

    /// <summary>Stands where there has not been a znode as far as memory and store reach back.</summary>
    public static readonly ZNode Never = Absent(0, AccessControlList.OpenUnsafe, ZNodeKind.Persistent, 0);

    /// <summary>Stands for a version that is in the store alone.</summary>
    public static readonly ZNode NotResident = Absent(0, AccessControlList.OpenUnsafe, ZNodeKind.Persistent, 0);

    private readonly byte[]? _data;

    /// <summary>Zxid of the transaction that created the znode.</summary>
    public required long Czxid { get; init; }

    /// <summary>Zxid of the last change of the data.</summary>
    public required long Mzxid { get; init; }

    /// <summary>Zxid of the last creation or deletion of a child.</summary>
    public required long Pzxid { get; init; }

    /// <summary>Zxid of the last transaction that changed anything here, the access control list and the children included.</summary>
    public required long Zxid { get; init; }

    /// <summary>When it was created, in milliseconds since 1970.</summary>
    public required long Ctime { get; init; }

    /// <summary>When the data was last changed, in milliseconds since 1970.</summary>
    public required long Mtime { get; init; }

    /// <summary>The session of an ephemeral znode, the time to live in milliseconds of a TTL znode, else 0.</summary>
    public long OwnerOrTtl { get; init; }

    /// <summary>Number of changes of the data.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// Number of children ever created; what sequential names count and what ZooKeeper calls the persisted cversion.
    /// Clients see <see cref="Cversion"/>, which counts deletions as well.
    /// </summary>
    public required int CreatedChildren { get; init; }

    /// <summary>Number of changes of the access control list.</summary>
    public required int Aversion { get; init; }

    /// <summary>Number of children now.</summary>
    public required int NumChildren { get; init; }

    /// <summary>Length of the data in bytes, also while the data itself is not resident.</summary>
    public int DataLength { get; private init; }

    public ZNodeKind Kind { get; init; }

    /// <summary>False for what stands in a deleted znode's place (see <see cref="Absent"/>).</summary>
    public bool Exists { get; private init; } = true;

    public required AccessControlList Acl { get; init; }

    /// <summary>The data; null when the znode was created with null data. Not to be read unless <see cref="IsDataResident"/>.</summary>
    public required byte[]? Data
    {
        get => _data;
        init
        {
            _data = value;
            DataLength = value?.Length ?? 0;
        }
    }

    /// <summary>False when only the Stat is in memory, and the data has to be read from the store.</summary>
    public bool IsDataResident => !ReferenceEquals(_data, NotResidentData);

    /// <summary>
    /// The version that readers at an older watermark still see, while the transaction that made this one is being applied
    /// (<see cref="Never"/> where there was none, <see cref="NotResident"/> where it is in the store). Null as soon as the watermark
    /// has passed. Written by the replica alone.
    /// </summary>
    internal ZNode? Previous;

    public long EphemeralOwner => Kind == ZNodeKind.Ephemeral ? OwnerOrTtl : 0;

    public long TtlMilliseconds => Kind == ZNodeKind.Ttl ? OwnerOrTtl : 0;

    /// <summary>The cversion that clients see: creations and deletions of children, as ZooKeeper computes it.</summary>
    public int Cversion => unchecked((2 * CreatedChildren) - NumChildren);

    public Stat Stat => new(
        Czxid, Mzxid, Ctime, Mtime, Version, Cversion, Aversion, EphemeralOwner, DataLength, NumChildren, Pzxid);

    /// <summary>This version without its data, of which only the length stays.</summary>
    public ZNode WithoutData() => WithoutData(DataLength);

    /// <summary>This version without its data, which had this length.</summary>
    public ZNode WithoutData(int dataLength) =>
        Copy(Zxid, Pzxid, CreatedChildren, NumChildren, Acl, Aversion, NotResidentData, dataLength);

    /// <summary>This version with the data that the store holds for it.</summary>
    public ZNode WithResidentData(byte[]? data) => Copy(Zxid, Pzxid, CreatedChildren, NumChildren, Acl, Aversion, data, data?.Length ?? 0);

    public ZNode WithChildCreated(long zxid) =>
        Copy(zxid, zxid, unchecked(CreatedChildren + 1), NumChildren + 1, Acl, Aversion, _data, DataLength);

    public ZNode WithChildDeleted(long zxid) =>
        Copy(zxid, zxid, CreatedChildren, NumChildren - 1, Acl, Aversion, _data, DataLength);

    public ZNode WithAcl(long zxid, AccessControlList acl) =>
        Copy(zxid, Pzxid, CreatedChildren, NumChildren, acl, unchecked(Aversion + 1), _data, DataLength);

    public ZNode WithData(long zxid, long time, byte[]? data) => new()
    {
        Czxid = Czxid,
        Mzxid = zxid,
        Pzxid = Pzxid,
        Zxid = zxid,
        Ctime = Ctime,
        Mtime = time,
        OwnerOrTtl = OwnerOrTtl,
        Version = unchecked(Version + 1),
        CreatedChildren = CreatedChildren,
        Aversion = Aversion,
        NumChildren = NumChildren,
        Kind = Kind,
        Acl = Acl,
        Data = data,
    };

    /// <summary>A znode that a transaction just created.</summary>
    public static ZNode Create(long zxid, long time, ZNodeKind kind, long ownerOrTtl, AccessControlList acl, byte[]? data) => new()
    {
        Czxid = zxid,
        Mzxid = zxid,
        Pzxid = zxid,
        Zxid = zxid,
        Ctime = time,
        Mtime = time,
        OwnerOrTtl = ownerOrTtl,
        Version = 0,
        CreatedChildren = 0,
        Aversion = 0,
        NumChildren = 0,
        Kind = kind,
        Acl = acl,
        Data = data,
    };

    /// <summary>
    /// Says that there is no znode here since a transaction deleted it. Keeps of the deleted one what others still need:
    /// the list that decides who may hear of the deletion, its kind and its owner.
    /// </summary>
    public static ZNode Absent(long zxid, AccessControlList acl, ZNodeKind kind, long ownerOrTtl) => new()
    {
        Czxid = 0,
        Mzxid = 0,
        Pzxid = 0,
        Zxid = zxid,
        Ctime = 0,
        Mtime = 0,
        OwnerOrTtl = ownerOrTtl,
        Version = 0,
        CreatedChildren = 0,
        Aversion = 0,
        NumChildren = 0,
        Kind = kind,
        Acl = acl,
        Data = null,
        Exists = false,
    };

    /// <summary>What stands in this znode's place after a transaction deleted it.</summary>
    public ZNode Deleted(long zxid) => Absent(zxid, Acl, Kind, OwnerOrTtl);

    private ZNode Copy(
        long zxid, long pzxid, int createdChildren, int numChildren, AccessControlList acl, int aversion, byte[]? data, int dataLength) => new()
    {
        Czxid = Czxid,
        Mzxid = Mzxid,
        Pzxid = pzxid,
        Zxid = zxid,
        Ctime = Ctime,
        Mtime = Mtime,
        OwnerOrTtl = OwnerOrTtl,
        Version = Version,
        CreatedChildren = createdChildren,
        Aversion = aversion,
        NumChildren = numChildren,
        Kind = Kind,
        Acl = acl,
        Data = data,
        DataLength = dataLength,
    };
}
