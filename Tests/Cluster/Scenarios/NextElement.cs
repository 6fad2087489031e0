namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Waits for what a watch tells.</summary>
internal static class NextElement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The next element.</summary>
    public static async Task<T> NextAsync<T>(this IAsyncEnumerator<T> elements)
    {
        Assert.True(await elements.MoveNextAsync().AsTask().WaitAsync(Patience), "The elements came to their end.");
        return elements.Current;
    }

    /// <summary>The next element that is as it should be.</summary>
    public static async Task<T> NextAsync<T>(this IAsyncEnumerator<T> elements, Func<T, bool> isRight)
    {
        while (true)
        {
            if (await elements.NextAsync() is var element && isRight(element))
                return element;
        }
    }
}
