namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// Whose turn it is. Nobody can come in front of a contender any more, so once it is its turn that stays so; and it waits for one other
/// only, so that one waiter wakes up when a lock is released, not all of them.
/// </summary>
internal static class ContentionRules
{
    /// <summary>Alone: waits for whoever is directly in front.</summary>
    public static string? Exclusive(IReadOnlyList<QueuedContender> queue, int index) => index == 0 ? null : queue[index - 1].Name;

    /// <summary>Together with those that are shared: waits for the last in front that is not.</summary>
    public static string? Shared(IReadOnlyList<QueuedContender> queue, int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (!queue[i].IsShared)
                return queue[i].Name;
        }
        return null;
    }

    /// <summary>One of the first so many.</summary>
    public static ContentionRule FirstOf(int count) => (queue, index) => index < count ? null : queue[index - count].Name;
}
