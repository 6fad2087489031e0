using System.Buffers.Binary;
using System.Text;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Transactions;

/// <summary>Reads the transactions of a batch's payload, as <see cref="TransactionWriter"/> wrote them.</summary>
internal ref struct TransactionReader
{
    private ReadOnlySpan<byte> _unread;
    private string _submitter = "";

    /// <exception cref="InvalidDataException">The payload is of a version that this program does not know.</exception>
    public TransactionReader(ReadOnlySpan<byte> payload)
    {
        _unread = payload;
        var version = ReadByte();
        if (version != TransactionWriter.FormatVersion)
        {
            throw new InvalidDataException(
                $"The log holds transactions of format version {version}; this program knows version {TransactionWriter.FormatVersion}.");
        }
    }

    /// <summary>Reads all transactions of a payload.</summary>
    /// <exception cref="InvalidDataException">The payload is of an unknown version, or ends in the middle of a transaction.</exception>
    public static List<Transaction> ReadAll(ReadOnlySpan<byte> payload)
    {
        var transactions = new List<Transaction>();
        var reader = new TransactionReader(payload);
        while (reader.Read() is { } transaction)
            transactions.Add(transaction);
        return transactions;
    }

    /// <summary>Reads the next transaction; null behind the last one.</summary>
    /// <exception cref="InvalidDataException">The payload ends in the middle of a transaction.</exception>
    public Transaction? Read()
    {
        if (_unread.IsEmpty)
            return null;

        var zxid = ReadSigned();
        var time = ReadSigned();
        var sessionId = ReadLong();
        var origin = ReadOrigin();
        var operation = (OpCode)ReadSigned();
        var error = (ErrorCode)ReadSigned();
        var results = operation == OpCode.Multi ? ReadResults() : [];
        var opening = error == ErrorCode.Ok && operation == OpCode.CreateSession ? ReadOpening() : null;
        return new Transaction
        {
            Zxid = zxid,
            Time = time,
            SessionId = sessionId,
            Origin = origin,
            Operation = operation,
            Error = error,
            Results = results,
            Opening = opening,
            Changes = error == ErrorCode.Ok ? ReadChanges(zxid, time) : [],
        };
    }

    private RequestOrigin ReadOrigin()
    {
        if (ReadByte() != 0)
            _submitter = ReadString();
        return new RequestOrigin(_submitter, ReadSigned());
    }

    private OperationResult[] ReadResults()
    {
        var results = new OperationResult[ReadCount()];
        for (var i = 0; i < results.Length; i++)
            results[i] = new OperationResult((OpCode)ReadSigned(), (ErrorCode)ReadSigned());
        return results;
    }

    private SessionOpening ReadOpening() => new(ReadBytes(), (int)ReadUnsigned());

    private ZNodeChange[] ReadChanges(long zxid, long time)
    {
        var changes = new ZNodeChange[ReadCount()];
        for (var i = 0; i < changes.Length; i++)
        {
            var kind = (ZNodeChangeKind)ReadByte();
            var path = kind == ZNodeChangeKind.ChildrenChanged ? ZNodePath.Parent(changes[i - 1].Path) : ReadString();
            var node = kind == ZNodeChangeKind.Deleted ? ReadDeletedNode(zxid) : ReadNode(zxid, time);
            changes[i] = new ZNodeChange(kind, path, node);
        }

        return changes;
    }

    private ZNode ReadDeletedNode(long zxid)
    {
        var kind = (ZNodeKind)ReadByte();
        var ownerOrTtl = ReadSigned();
        return ZNode.Absent(zxid, ReadAcl(), kind, ownerOrTtl);
    }

    private ZNode ReadNode(long zxid, long time)
    {
        var flags = (ZNodeFlags)ReadByte();
        var kind = (ZNodeKind)ReadByte();
        var czxid = flags.HasFlag(ZNodeFlags.CreatedHere) ? zxid : ReadSigned();
        var mzxid = flags.HasFlag(ZNodeFlags.ModifiedHere) ? zxid : ReadSigned();
        var pzxid = flags.HasFlag(ZNodeFlags.ChildrenChangedHere) ? zxid : ReadSigned();
        var ctime = flags.HasFlag(ZNodeFlags.CreatedNow) ? time : ReadSigned();
        var mtime = flags.HasFlag(ZNodeFlags.ModifiedNow) ? time : ReadSigned();
        var ownerOrTtl = flags.HasFlag(ZNodeFlags.NoOwnerOrTtl) ? 0 : ReadLong();
        var version = (int)ReadSigned();
        var createdChildren = (int)ReadSigned();
        var aversion = (int)ReadSigned();
        var numChildren = (int)ReadUnsigned();
        var acl = ReadAcl();
        var hasData = (flags & (ZNodeFlags.Data | ZNodeFlags.NullData)) != 0;
        var data = flags.HasFlag(ZNodeFlags.Data) ? ReadBytes() : null;
        var node = new ZNode
        {
            Czxid = czxid,
            Mzxid = mzxid,
            Pzxid = pzxid,
            Zxid = zxid,
            Ctime = ctime,
            Mtime = mtime,
            OwnerOrTtl = ownerOrTtl,
            Version = version,
            CreatedChildren = createdChildren,
            Aversion = aversion,
            NumChildren = numChildren,
            Kind = kind,
            Acl = acl,
            Data = data,
        };
        return hasData ? node : node.WithoutData((int)ReadUnsigned());
    }

    private AccessControlList ReadAcl()
    {
        var count = ReadCount();
        if (count == 0)
            return AccessControlList.OpenUnsafe;

        var entries = new Acl[count - 1];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new Acl((Permissions)ReadSigned(), new Id(ReadString(), ReadString()));
        return AccessControlList.Of(entries);
    }

    private byte ReadByte() => Take(1)[0];

    private long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    private long ReadSigned()
    {
        var value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadUnsigned()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    /// <summary>A count of things that take at least a byte each.</summary>
    private int ReadCount()
    {
        var count = ReadUnsigned();
        return count <= (ulong)_unread.Length
            ? (int)count
            : throw new InvalidDataException($"A logged transaction says that {count} items follow, but only {_unread.Length} bytes do.");
    }

    private byte[] ReadBytes() => Take(ReadCount()).ToArray();

    private string ReadString() => Encoding.UTF8.GetString(Take(ReadCount()));

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _unread.Length)
            throw new InvalidDataException($"A logged transaction ends early: {length} more bytes expected, {_unread.Length} there.");

        var taken = _unread[..length];
        _unread = _unread[length..];
        return taken;
    }
}
