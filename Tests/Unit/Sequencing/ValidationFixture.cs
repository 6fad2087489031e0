using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Unit.Replication;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>Orders requests against a small tree, as the sequencer does, and applies them when the test says so.</summary>
internal sealed class ValidationFixture
{
    public const long Session = 1;
    public const long OtherSession = 2;
    public const long NoSession = 0;
    public const long ClosedSession = 77;

    private readonly List<Transaction> _outstanding = [];

    public ValidationFixture()
    {
        Replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        Replica.CompleteLoad(Replica.BeginLoad("/")!, ModelTree.Root);
        Tree = new SpeculativeTree(Replica);
        foreach (var session in new[] { Session, OtherSession })
            Order(OpCode.CreateSession, SessionOpeningCodec.Write(new SessionOpening(new byte[32], 1000)), session);
    }

    public Replica Replica { get; } = new();

    public SpeculativeTree Tree { get; }

    public long LastZxid { get; private set; }

    public long Time { get; set; } = 1000;

    /// <summary>The silo that submits the next request.</summary>
    public string Submitter { get; set; } = "test";

    public Transaction Order(OpCode operation, byte[] body, long session = Session, params Id[] identities)
    {
        Tree.Settle();
        var request = new SubmittedRequest(LastZxid + 1, session, operation, body, identities);
        var transaction = RequestValidation.Validate(Tree, Submitter, request, LastZxid + 1, Time, out var missing);
        Assert.True(transaction is not null, $"{missing} is missing.");
        LastZxid++;
        _outstanding.Add(transaction);
        return transaction;
    }

    public Transaction Create(string? path, CreateMode mode = CreateMode.Persistent, Acl[]? acl = null, long session = Session) =>
        Order(OpCode.Create, Body(new CreateRequest(path, [1], acl ?? [.. Acls.OpenUnsafe], (int)mode)), session);

    public Transaction Delete(string path, int version = -1, long session = Session) =>
        Order(OpCode.Delete, Body(new DeleteRequest(path, version)), session);

    public Transaction SetData(string path, int version = -1, long session = Session) =>
        Order(OpCode.SetData, Body(new SetDataRequest(path, [2], version)), session);

    public Transaction SetAcl(string path, Acl[] acl, int version = -1, long session = Session) =>
        Order(OpCode.SetAcl, Body(new SetAclRequest(path, acl, version)), session);

    public Transaction Multi(params MultiOperation[] operations) => Order(OpCode.Multi, Body(new MultiRequest(operations)));

    /// <summary>Has the submitter carry a session, which knows the given owner, or none.</summary>
    public Transaction Attach(long session, string knownOwner = "") =>
        Order(OpCode.AttachSession, System.Text.Encoding.UTF8.GetBytes(knownOwner), session);

    public Transaction Close(long session) => Order(OpCode.CloseSession, [], session);

    /// <summary>Applies everything that was ordered.</summary>
    public void Apply()
    {
        foreach (var transaction in _outstanding)
            Replica.Apply(transaction, new DeliveryRound());
        _outstanding.Clear();
        Tree.Settle();
        Assert.Equal(0, Tree.Outstanding);
    }

    public static byte[] Body<T>(T record)
        where T : IJuteRecord<T> => JuteRecords.ToArray(record);
}
