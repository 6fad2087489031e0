namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>A lock that a client was given. Until it asked to release it, or lost its session, nobody else may be given it.</summary>
internal sealed class LockGrant
{
    public required int Client { get; init; }

    public required long SessionId { get; init; }

    /// <summary>The transaction that created the client's place in the queue: grows with every grant.</summary>
    public required long Token { get; init; }

    public required long Granted { get; init; }

    /// <summary>Until when the lock was the client's for certain: when it sent the release, or what its session answered last.</summary>
    public long HeldUntil { get; set; } = long.MaxValue;

    /// <summary>The transactions of what it wrote under the lock's protection.</summary>
    public List<long> Writes { get; init; } = [];

    public override string ToString() =>
        $"client {Client} session 0x{SessionId:x} token 0x{Token:x} [{Granted}, {(HeldUntil == long.MaxValue ? "held" : HeldUntil)}]";
}
