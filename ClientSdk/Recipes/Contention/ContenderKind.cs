namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>What a contender contends for.</summary>
internal enum ContenderKind
{
    /// <summary>A lock, alone.</summary>
    Lock,

    /// <summary>A read-write lock, alone.</summary>
    Writer,

    /// <summary>A read-write lock, together with other readers.</summary>
    Reader,

    /// <summary>A term as the leader.</summary>
    Leader,

    /// <summary>One of a semaphore's leases.</summary>
    Lease,
}
