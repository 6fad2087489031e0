namespace OrleansKeeper.Tests.Cluster.Storage;

/// <summary>A grain that stores a number.</summary>
[Alias("OrleansKeeper.Tests.ICounterGrain")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> Add(int amount);

    [Alias("Read")]
    Task<int> Read();

    [Alias("Clear")]
    Task Clear();
}
