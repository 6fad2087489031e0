using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Transactions;

/// <summary>The log's binary form: what is written is what is read, and it does not change unnoticed.</summary>
public sealed class TransactionCodecTests
{
    private static readonly AccessControlList Restricted = AccessControlList.Of(
        [new Acl(Permissions.Read | Permissions.Admin, new Id("digest", "käthe:hash=")), new Acl(Permissions.All, new Id("ip", "10.0.0.0/8"))]);

    private static readonly ZNode Node = ZNode.Create(Zxid.Of(3, 5), 1_000_000, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, [1, 2, 3]);

    public static TheoryData<string> Names => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKindOfTransactionComesBackAsItWas(string name)
    {
        var transaction = Samples()[name];

        Assert.Equal(Describe(transaction), Describe(Assert.Single(ReadAll(Write(transaction)))));
    }

    [Fact]
    public void TransactionsOfOnePayloadComeBackInOrder()
    {
        Transaction[] all = [.. Samples().Values];

        Assert.Equal(all.Select(Describe), ReadAll(Write(all)).Select(Describe));
    }

    [Fact]
    public void ClearedWriterBeginsAPayloadOfItsOwn()
    {
        var transaction = Samples()["created"];
        var writer = new TransactionWriter();
        writer.Write(transaction);
        var first = writer.Payload.ToArray();
        writer.Clear();
        writer.Write(transaction);

        Assert.Equal(first, writer.Payload.ToArray());
        Assert.Equal(first.Length, writer.Length);
    }

    [Fact]
    public void FormatVersion1IsTheseBytes()
    {
        var transaction = new Transaction
        {
            Zxid = Zxid.Of(1, 2),
            Time = 1000,
            SessionId = 0x0102030405060708,
            Origin = new RequestOrigin("silo", 7),
            Operation = OpCode.Create,
            Changes =
            [
                new(ZNodeChangeKind.Created, "/a", ZNode.Create(Zxid.Of(1, 2), 1000, ZNodeKind.Ephemeral, 0x0102030405060708, Restricted, [0xAA, 0xBB])),
                new(ZNodeChangeKind.ChildrenChanged, "/", ZNode.Create(0, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, [9]).WithChildCreated(Zxid.Of(1, 2))),
                new(ZNodeChangeKind.Deleted, "/b", ZNode.Absent(Zxid.Of(1, 2), AccessControlList.OpenUnsafe, ZNodeKind.Ttl, 60)),
            ],
        };

        Assert.Equal(
            "01" // version
            + "8480808020" + "D00F" + "0807060504030201" + "0104" + "73696C6F" + "0E" + "02" + "00" + "03" // header, number of changes
            + "01" + "022F61" + "5F" + "01" + "0807060504030201" + "00000000" // created /a: flags, kind, owner, counters
            + "03" + "22" + "06646967657374" + "0C6BC3A47468653A686173683D" + "3E" + "026970" + "0A31302E302E302E302F38" + "02AABB" // its list, its data
            + "05" + "24" + "00" + "00000000" + "00020001" + "00" + "01" // children of /, whose data is one byte long
            + "02" + "022F62" + "03" + "78" + "00", // deleted /b
            Convert.ToHexString(Write(transaction)));
    }

    [Fact]
    public void PayloadThatEndsInTheMiddleOfATransactionIsRefused()
    {
        foreach (var transaction in Samples().Values)
        {
            var payload = Write(transaction);
            for (var length = 2; length < payload.Length; length++)
                Assert.Throws<InvalidDataException>(() => ReadAll(payload[..length]));
        }

        Assert.Empty(ReadAll(Write()));
        Assert.Throws<InvalidDataException>(() => ReadAll([]));
    }

    [Fact]
    public void PayloadOfALaterVersionIsRefused()
    {
        var payload = Write(Samples()["created"]);
        payload[0]++;

        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => ReadAll(payload)).Message);
    }

    private static Dictionary<string, Transaction> Samples() => new()
    {
        ["created"] = Changed(OpCode.Create, new ZNodeChange(ZNodeChangeKind.Created, "/a/b", Node), new(ZNodeChangeKind.ChildrenChanged, "/a", Old.WithChildCreated(Zxid.Of(3, 5)))),
        ["created with null data"] = Changed(OpCode.Create2, new ZNodeChange(ZNodeChangeKind.Created, "/ü", ZNode.Create(Zxid.Of(3, 5), 1_000_000, ZNodeKind.Container, 0, Restricted, null))),
        ["created with empty data"] = Changed(OpCode.CreateTtl, new ZNodeChange(ZNodeChangeKind.Created, "/a", ZNode.Create(Zxid.Of(3, 5), 1_000_000, ZNodeKind.Ttl, 0xff_ffff_ffff, Restricted, []))),
        ["deleted"] = Changed(OpCode.Delete, new ZNodeChange(ZNodeChangeKind.Deleted, "/a/b", Old.Deleted(Zxid.Of(3, 5))), new(ZNodeChangeKind.ChildrenChanged, "/a", Old.WithChildDeleted(Zxid.Of(3, 5)))),
        ["data set"] = Changed(OpCode.SetData, new ZNodeChange(ZNodeChangeKind.DataSet, "/a", Old.WithData(Zxid.Of(3, 5), 1_000_000, new byte[1000]))),
        ["data set to null"] = Changed(OpCode.SetData, new ZNodeChange(ZNodeChangeKind.DataSet, "/a", Old.WithData(Zxid.Of(3, 5), 1_000_000, null))),
        ["list set"] = Changed(OpCode.SetAcl, new ZNodeChange(ZNodeChangeKind.AclSet, "/a", Old.WithAcl(Zxid.Of(3, 5), Restricted))),
        ["failed"] = new() { Zxid = Zxid.Of(3, 5), Time = 1_000_000, SessionId = -1, Origin = new("s", 1), Operation = OpCode.Delete, Error = ErrorCode.NoNode },
        ["multi"] = new()
        {
            Zxid = Zxid.Of(int.MaxValue, uint.MaxValue),
            Time = long.MaxValue,
            SessionId = long.MinValue,
            Origin = new("", long.MaxValue),
            Operation = OpCode.Multi,
            Changes = [new(ZNodeChangeKind.DataSet, "/a", Old.WithData(Zxid.Of(int.MaxValue, uint.MaxValue), 5, [7]))],
            Results = [new(OpCode.SetData, ErrorCode.Ok), new(OpCode.Check, ErrorCode.Ok)],
        },
        ["failed multi"] = new()
        {
            Zxid = Zxid.Of(3, 5),
            Time = 0,
            SessionId = 1,
            Origin = new("s", 2),
            Operation = OpCode.Multi,
            Results = [new(OpCode.SetData, ErrorCode.Ok), new(OpCode.Check, ErrorCode.BadVersion), new(OpCode.Create2, ErrorCode.RuntimeInconsistency)],
        },
        ["session opened"] = new()
        {
            Zxid = Zxid.Of(3, 5),
            Time = 1,
            SessionId = 99,
            Origin = new("s", 3),
            Operation = OpCode.CreateSession,
            Opening = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)], 30_000),
        },
        ["session closed"] = Changed(OpCode.CloseSession, new ZNodeChange(ZNodeChangeKind.Deleted, "/e", ZNode.Absent(Zxid.Of(3, 5), Restricted, ZNodeKind.Ephemeral, long.MaxValue))),
    };

    /// <summary>A znode none of whose figures are the transaction's.</summary>
    private static ZNode Old => new()
    {
        Czxid = 1,
        Mzxid = Zxid.Of(2, uint.MaxValue),
        Pzxid = Zxid.Of(3, 4),
        Zxid = Zxid.Of(3, 4),
        Ctime = -5,
        Mtime = 77,
        OwnerOrTtl = long.MaxValue,
        Version = int.MaxValue,
        CreatedChildren = int.MinValue,
        Aversion = 12,
        NumChildren = 3,
        Kind = ZNodeKind.Ephemeral,
        Acl = Restricted,
        Data = [5, 5],
    };

    private static Transaction Changed(OpCode operation, params ZNodeChange[] changes) => new()
    {
        Zxid = Zxid.Of(3, 5),
        Time = 1_000_000,
        SessionId = 0x1234_5678_9abc_def0,
        Origin = new RequestOrigin("silo", 12_345),
        Operation = operation,
        Changes = changes,
    };

    private static byte[] Write(params Transaction[] transactions)
    {
        var writer = new TransactionWriter(initialBytes: 16);
        foreach (var transaction in transactions)
            writer.Write(transaction);
        return writer.Payload.ToArray();
    }

    private static List<Transaction> ReadAll(byte[] payload)
    {
        var transactions = new List<Transaction>();
        var reader = new TransactionReader(payload);
        while (reader.Read() is { } transaction)
            transactions.Add(transaction);
        return transactions;
    }

    private static string Describe(Transaction transaction) => string.Join(
        '\n',
        [
            $"{transaction.Zxid} {transaction.Time} {transaction.SessionId} {transaction.Origin} {transaction.Operation} {transaction.Error}",
            $"{transaction.Opening?.TimeoutMilliseconds} {Convert.ToHexString(transaction.Opening?.PasswordHash ?? [])}",
            .. transaction.Results.Select(result => result.ToString()),
            .. transaction.Changes.Select(Describe),
        ]);

    private static string Describe(ZNodeChange change)
    {
        // Only what a transaction changes is carried as data: everything else is its length.
        var carriesData = change.Kind is ZNodeChangeKind.Created or ZNodeChangeKind.DataSet;
        var node = change.Node;
        var data = !carriesData ? "" : node.Data is null ? "null" : Convert.ToHexString(node.Data);
        var list = string.Join(',', node.Acl.Entries.ToArray());
        return $"{change.Kind} {change.Path} {node.Exists} {node.Kind} {node.OwnerOrTtl} {node.CreatedChildren} {node.Zxid} {node.Stat} {list} {data}";
    }
}
