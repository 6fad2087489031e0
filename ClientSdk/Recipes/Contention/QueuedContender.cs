namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>A contender as its znode's name tells it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Sequence">Its place in the queue.</param>
/// <param name="IsShared">Whether it does not mind others that are shared, as a reader.</param>
internal readonly record struct QueuedContender(string Name, int Sequence, bool IsShared);
