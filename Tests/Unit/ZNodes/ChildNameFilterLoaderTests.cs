using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Tests.Unit.ZNodes;

/// <summary>A filter of names that are only in the store.</summary>
public sealed class ChildNameFilterLoaderTests : IDisposable
{
    private const int Children = 500;

    private readonly ColdStoreFixture _cold = new(Children + 2);
    private readonly ChildNameFilterLoader _loader;

    public ChildNameFilterLoaderTests() =>
        _loader = new ChildNameFilterLoader(Replica, _cold.Store, TimeProvider.System, NullLogger<ChildNameFilterLoader>.Instance);

    private Replica Replica => _cold.Replica;

    public void Dispose()
    {
        _loader.Dispose();
        _cold.Dispose();
    }

    [Fact]
    public async Task What_no_child_is_called_is_known_then_and_of_the_others_only_the_store_knows()
    {
        await StoreAsync();
        Assert.Equal(Residency.NotResident, Replica.Find("/a/free").Residency);

        await _loader.LoadAsync("/a", Replica.Find("/a"));

        Assert.All(Enumerable.Range(0, Children), child => Assert.Equal(Residency.NotResident, Replica.Find($"/a/{child}").Residency));
        Assert.InRange(Enumerable.Range(0, 1000).Count(free => Replica.Find($"/a/free{free}").Residency == Residency.Absent), 950, 1000);
        Assert.True(_loader.LoadAsync("/a", Replica.Find("/a")).IsCompleted);
    }

    [Fact]
    public async Task What_is_not_there_any_more_has_no_filter()
    {
        await _loader.LoadAsync("/none", Replica.Find("/none"));
        Assert.Equal(Residency.NotResident, Replica.Find("/none/free").Residency);
    }

    private async Task StoreAsync()
    {
        var model = await _cold.StoreAsync(["/a", .. Enumerable.Range(0, Children).Select(child => $"/a/{child}")]);
        Replica.CompleteLoad(Replica.BeginLoad("/a")!, model.Find("/a"));
    }
}
