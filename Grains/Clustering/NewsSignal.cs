namespace OrleansKeeper.Grains.Clustering;

/// <summary>Wakes the one who waits for news. News that come while nobody waits are found by whoever waits next, once for all of them.</summary>
internal sealed class NewsSignal : IDisposable
{
    private readonly SemaphoreSlim _news = new(0, 1);

    /// <summary>There are news.</summary>
    public void Set()
    {
        if (_news.CurrentCount > 0)
            return;

        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else had the same news.
        }
    }

    /// <summary>Waits for news, or until there were none for so long.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken = default) => _news.WaitAsync(longest, cancellationToken);

    public void Dispose() => _news.Dispose();
}
