namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>A user's grain that follows what happens below the path that is its key.</summary>
[Alias("OrleansKeeper.Tests.IPathWatcherGrain")]
public interface IPathWatcherGrain : IGrainWithStringKey
{
    /// <summary>Begins to watch.</summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>The paths that changed, once there are so many.</summary>
    [Alias("Changed")]
    Task<IReadOnlyList<string>> Changed(int count);
}
