using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>How a queue behaves.</summary>
public sealed record QueueOptions
{
    /// <summary>The access control list of items, locks and what else the queue creates below its znodes. These, persistent and open to everybody, are created where they are missing.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Acls.OpenUnsafe;

    /// <summary>The clock, of delays too.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
