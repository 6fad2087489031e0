using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>A request that waits: a write for its decision, a read behind it for its turn.</summary>
internal sealed class PendingRequest(IRequestOwner owner, int xid, OpCode operation, ReadOnlyMemory<byte> body)
{
    public IRequestOwner Owner { get; } = owner;

    public int Xid { get; } = xid;

    public OpCode Operation { get; } = operation;

    /// <summary>The request's record, in memory of its own.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The session that asks; 0 for none.</summary>
    public long SessionId { get; init; }

    public IReadOnlyList<Identity> Identities { get; init; } = [];

    /// <summary>When it was received, as a timestamp of the session's clock.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>A sync has waited for what was acknowledged anywhere before it came.</summary>
    public bool IsSynced { get; set; }

    /// <summary>What a count of the znodes below one has waited for.</summary>
    public long? Count { get; set; }

    /// <summary>Has been handed to the submit queue.</summary>
    public bool IsSubmitted { get; set; }

    /// <summary>Its number at this silo, since it was submitted.</summary>
    public long Number { get; set; }

    /// <summary>The transaction that it made.</summary>
    public Transaction? Decision { get; set; }

    /// <summary>
    /// Why it did not even become a transaction; then it did not happen, unless this is <see cref="ErrorCode.ConnectionLoss"/>: then nobody
    /// knows yet.
    /// </summary>
    public ErrorCode Rejection { get; set; }

    public bool IsDecided => Decision is not null || Rejection != ErrorCode.Ok;
}
