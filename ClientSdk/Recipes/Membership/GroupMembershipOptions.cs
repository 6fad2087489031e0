using OrleansKeeper.ClientSdk.Recipes.Nodes;

namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>How a group behaves.</summary>
public sealed record GroupMembershipOptions
{
    /// <summary>How the znodes of members that join through this object behave.</summary>
    public PersistentEphemeralNodeOptions Member { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
