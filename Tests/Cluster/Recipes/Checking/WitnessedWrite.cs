namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>
/// A write of a holder to a znode that its lock protects, in one transaction with a check that the holder's znode exists.
/// </summary>
/// <param name="Zxid">The transaction.</param>
/// <param name="Token">The holder's token.</param>
internal readonly record struct WitnessedWrite(long Zxid, long Token);
