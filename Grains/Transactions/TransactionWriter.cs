using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Transactions;

/// <summary>
/// Writes transactions in the log's binary form, one behind the other, to make the payload of a batch; <see cref="TransactionReader"/>
/// reads them back. A payload begins with the version of the form. Numbers are little-endian base-128; those of a znode that are the
/// transaction's own (its zxid, its time) are a bit of its flags instead, since most are.
/// </summary>
internal sealed class TransactionWriter
{
    public const byte FormatVersion = 1;

    private readonly ArrayBufferWriter<byte> _payload;

    private string _submitter = "";

    public TransactionWriter(int initialBytes = 16 * 1024)
    {
        _payload = new ArrayBufferWriter<byte>(initialBytes);
        Clear();
    }

    public ReadOnlyMemory<byte> Payload => _payload.WrittenMemory;

    public int Length => _payload.WrittenCount;

    public void Clear()
    {
        _payload.ResetWrittenCount();
        _submitter = "";
        WriteByte(FormatVersion);
    }

    public void Write(Transaction transaction)
    {
        WriteSigned(transaction.Zxid);
        WriteSigned(transaction.Time);
        WriteLong(transaction.SessionId);
        WriteOrigin(transaction.Origin);
        WriteSigned((int)transaction.Operation);
        WriteSigned((int)transaction.Error);
        if (transaction.Operation == OpCode.Multi)
            WriteResults(transaction.Results);
        if (transaction.Error != ErrorCode.Ok)
            return;

        if (transaction.Opening is { } opening)
        {
            WriteBytes(opening.PasswordHash);
            WriteUnsigned((ulong)opening.TimeoutMilliseconds);
        }

        WriteUnsigned((ulong)transaction.Changes.Length);
        for (var i = 0; i < transaction.Changes.Length; i++)
            WriteChange(transaction, transaction.Changes[i]);
    }

    private void WriteOrigin(RequestOrigin origin)
    {
        // Most transactions of a batch come from the silo of the one before.
        var same = origin.Submitter == _submitter;
        WriteByte(same ? (byte)0 : (byte)1);
        if (!same)
            WriteString(origin.Submitter);
        _submitter = origin.Submitter;
        WriteSigned(origin.Number);
    }

    private void WriteResults(IReadOnlyList<OperationResult> results)
    {
        WriteUnsigned((ulong)results.Count);
        for (var i = 0; i < results.Count; i++)
        {
            WriteSigned((int)results[i].Operation);
            WriteSigned((int)results[i].Error);
        }
    }

    private void WriteChange(Transaction transaction, in ZNodeChange change)
    {
        WriteByte((byte)change.Kind);
        // The parent of the change before needs no path of its own.
        if (change.Kind != ZNodeChangeKind.ChildrenChanged)
            WriteString(change.Path);
        if (change.Kind == ZNodeChangeKind.Deleted)
        {
            WriteByte((byte)change.Node.Kind);
            WriteSigned(change.Node.OwnerOrTtl);
            WriteAcl(change.Node.Acl);
            return;
        }

        WriteNode(transaction, change.Node, withData: change.Kind is ZNodeChangeKind.Created or ZNodeChangeKind.DataSet);
    }

    private void WriteNode(Transaction transaction, ZNode node, bool withData)
    {
        var flags = ZNodeFlags.None;
        if (node.Czxid == transaction.Zxid)
            flags |= ZNodeFlags.CreatedHere;
        if (node.Mzxid == transaction.Zxid)
            flags |= ZNodeFlags.ModifiedHere;
        if (node.Pzxid == transaction.Zxid)
            flags |= ZNodeFlags.ChildrenChangedHere;
        if (node.Ctime == transaction.Time)
            flags |= ZNodeFlags.CreatedNow;
        if (node.Mtime == transaction.Time)
            flags |= ZNodeFlags.ModifiedNow;
        if (node.OwnerOrTtl == 0)
            flags |= ZNodeFlags.NoOwnerOrTtl;
        if (withData)
            flags |= node.Data is null ? ZNodeFlags.NullData : ZNodeFlags.Data;

        WriteByte((byte)flags);
        WriteByte((byte)node.Kind);
        if (!flags.HasFlag(ZNodeFlags.CreatedHere))
            WriteSigned(node.Czxid);
        if (!flags.HasFlag(ZNodeFlags.ModifiedHere))
            WriteSigned(node.Mzxid);
        if (!flags.HasFlag(ZNodeFlags.ChildrenChangedHere))
            WriteSigned(node.Pzxid);
        if (!flags.HasFlag(ZNodeFlags.CreatedNow))
            WriteSigned(node.Ctime);
        if (!flags.HasFlag(ZNodeFlags.ModifiedNow))
            WriteSigned(node.Mtime);
        if (!flags.HasFlag(ZNodeFlags.NoOwnerOrTtl))
            WriteLong(node.OwnerOrTtl);
        WriteSigned(node.Version);
        WriteSigned(node.CreatedChildren);
        WriteSigned(node.Aversion);
        WriteUnsigned((ulong)node.NumChildren);
        WriteAcl(node.Acl);
        if (flags.HasFlag(ZNodeFlags.Data))
            WriteBytes(node.Data);
        else if (!flags.HasFlag(ZNodeFlags.NullData))
            WriteUnsigned((ulong)node.DataLength);
    }

    private void WriteAcl(AccessControlList acl)
    {
        if (ReferenceEquals(acl, AccessControlList.OpenUnsafe))
        {
            WriteUnsigned(0);
            return;
        }

        WriteUnsigned((ulong)acl.Entries.Length + 1);
        foreach (var entry in acl.Entries)
        {
            WriteSigned((int)entry.Permissions);
            WriteString(entry.Id.Scheme ?? "");
            WriteString(entry.Id.Identity ?? "");
        }
    }

    private void WriteByte(byte value)
    {
        _payload.GetSpan(1)[0] = value;
        _payload.Advance(1);
    }

    private void WriteLong(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_payload.GetSpan(sizeof(long)), value);
        _payload.Advance(sizeof(long));
    }

    private void WriteSigned(long value) => WriteUnsigned((ulong)((value << 1) ^ (value >> 63)));

    private void WriteUnsigned(ulong value)
    {
        var span = _payload.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _payload.Advance(length);
    }

    private void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteUnsigned((ulong)value.Length);
        _payload.Write(value);
    }

    private void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteUnsigned((ulong)length);
        Encoding.UTF8.GetBytes(value, _payload.GetSpan(length));
        _payload.Advance(length);
    }
}
