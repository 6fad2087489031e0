using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Values;

/// <summary>How a shared value behaves.</summary>
public sealed record SharedValueOptions
{
    /// <summary>The value while there is no znode.</summary>
    public ReadOnlyMemory<byte> InitialValue { get; init; }

    /// <summary>The access control list of a znode that is created.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Acls.OpenUnsafe;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
