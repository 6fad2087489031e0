namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>Says whom a contender has to wait for; null when it is its turn.</summary>
/// <param name="queue">The contenders, in order.</param>
/// <param name="index">Which of them.</param>
internal delegate string? ContentionRule(IReadOnlyList<QueuedContender> queue, int index);
