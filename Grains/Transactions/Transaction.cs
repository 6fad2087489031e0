using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Transactions;

/// <summary>
/// One entry of the total order. A failed request takes a zxid too, as in ZooKeeper, and leaves nothing but its error.
/// </summary>
internal sealed class Transaction
{
    public required long Zxid { get; init; }

    /// <summary>When it was ordered, in milliseconds since 1970: the ctime and mtime of what it changes.</summary>
    public required long Time { get; init; }

    /// <summary>The session that asked for it; 0 for requests without a session.</summary>
    public required long SessionId { get; init; }

    public required RequestOrigin Origin { get; init; }

    public required OpCode Operation { get; init; }

    /// <summary>Why it failed; <see cref="ErrorCode.Ok"/> when it did not. A failed multi has its errors in <see cref="Results"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>What it changed, in the order in which its events fire.</summary>
    public ZNodeChange[] Changes { get; init; } = [];

    /// <summary>A multi's results, one for each of its operations; empty for everything else.</summary>
    public OperationResult[] Results { get; init; } = [];

    /// <summary>The session that it opened, for <see cref="OpCode.CreateSession"/>.</summary>
    public SessionOpening? Opening { get; init; }
}
