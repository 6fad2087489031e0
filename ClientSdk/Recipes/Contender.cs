namespace OrleansKeeper.ClientSdk.Recipes;

/// <summary>Somebody who holds a lock or a lease, leads, or waits for it.</summary>
/// <param name="Path">The contender's znode.</param>
/// <param name="Identity">Who it says it is; empty if it does not say.</param>
/// <param name="FencingToken">The token that it has, or will have when it is its turn: the transaction that created the znode.</param>
public sealed record Contender(string Path, string Identity, long FencingToken);
