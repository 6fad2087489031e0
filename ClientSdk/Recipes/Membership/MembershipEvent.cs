namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>Something happened in a group.</summary>
/// <param name="Type">What.</param>
/// <param name="Member">To whom; of a member that left, as it was.</param>
public readonly record struct MembershipEvent(MembershipEventType Type, MemberInfo Member);
