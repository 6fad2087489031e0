namespace OrleansKeeper.ClientSdk.Recipes.Counters;

/// <summary>A counter at one version.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Version">The version of its znode.</param>
internal readonly record struct CounterState(long Value, int Version);
