namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>A member of a group.</summary>
/// <param name="Id">Its id in the group.</param>
/// <param name="Data">Its data.</param>
/// <param name="Token">The transaction of its joining: a member that comes back has a greater one.</param>
public sealed record MemberInfo(string Id, ReadOnlyMemory<byte> Data, long Token);
