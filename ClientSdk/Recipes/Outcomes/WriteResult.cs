using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>What a conditional write came to.</summary>
/// <param name="Happened">Whether the data was set.</param>
/// <param name="Stat">The Stat that it left; null when it did not happen, or when only the receipt tells that it did.</param>
internal readonly record struct WriteResult(bool Happened, Stat? Stat);
