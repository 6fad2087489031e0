namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>What a conditional write came to.</summary>
/// <param name="Happened">Whether the data was set.</param>
/// <param name="Zxid">The transaction that set it.</param>
internal readonly record struct WriteResult(bool Happened, long Zxid);
