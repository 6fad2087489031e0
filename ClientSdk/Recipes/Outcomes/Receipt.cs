namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>A znode whose version counts the transactions that were done with it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Version">The version that the next transaction finds.</param>
internal readonly record struct Receipt(string Path, int Version);
