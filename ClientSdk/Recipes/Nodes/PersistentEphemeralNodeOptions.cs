using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>How a persistent ephemeral node behaves.</summary>
public sealed record PersistentEphemeralNodeOptions
{
    /// <summary>What to do about an ephemeral znode of another session that is in the way. One of this client's own earlier sessions is always replaced.</summary>
    public ExistingNode ExistingNode { get; init; }

    /// <summary>The access control list of the znode.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Acls.OpenUnsafe;

    /// <summary>The longest wait between two attempts that do not lead to a znode.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
