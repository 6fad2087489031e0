namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>What happened in a group.</summary>
public enum MembershipEventType
{
    /// <summary>A member came, or was there when the reading began.</summary>
    Joined,

    /// <summary>A member set its data.</summary>
    Changed,

    /// <summary>A member left, or its session expired.</summary>
    Left,
}
