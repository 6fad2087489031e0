using System.Collections.Immutable;

namespace OrleansKeeper.Protocol;

/// <summary>Access control lists in common use.</summary>
public static class Acls
{
    /// <summary>Everybody may do everything.</summary>
    public static ImmutableArray<Acl> OpenUnsafe { get; } = [new(Permissions.All, Id.Anyone)];

    /// <summary>The identities of the connection that creates the node may do everything.</summary>
    public static ImmutableArray<Acl> CreatorAll { get; } = [new(Permissions.All, Id.Auth)];

    /// <summary>Everybody may read.</summary>
    public static ImmutableArray<Acl> ReadUnsafe { get; } = [new(Permissions.Read, Id.Anyone)];
}
