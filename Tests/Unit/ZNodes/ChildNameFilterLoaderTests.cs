using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Tests.Unit.Replication;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.ZNodes;

/// <summary>A filter of names that are only in the store.</summary>
public sealed class ChildNameFilterLoaderTests : IDisposable
{
    private const int Children = 500;

    private readonly TemporaryFolder _folder = new();
    private readonly DataDirectory _directory;
    private readonly SqliteZNodeStore _store;
    private readonly Replica _replica = new();
    private readonly ChildNameFilterLoader _loader;

    public ChildNameFilterLoaderTests()
    {
        _directory = new DataDirectory(_folder.Path);
        _store = new SqliteZNodeStore(_directory);
        _replica.Begin(new(1, 1, Children + 2), [], [], [], long.MaxValue);
        _loader = new ChildNameFilterLoader(_replica, _store, TimeProvider.System, NullLogger<ChildNameFilterLoader>.Instance);
    }

    public void Dispose()
    {
        _loader.Dispose();
        _store.Dispose();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_no_child_is_called_is_known_then_and_of_the_others_only_the_store_knows()
    {
        await StoreAsync();
        Assert.Equal(Residency.NotResident, _replica.Find("/a/free").Residency);

        await _loader.LoadAsync("/a", _replica.Find("/a"));

        Assert.All(Enumerable.Range(0, Children), child => Assert.Equal(Residency.NotResident, _replica.Find($"/a/{child}").Residency));
        Assert.InRange(Enumerable.Range(0, 1000).Count(free => _replica.Find($"/a/free{free}").Residency == Residency.Absent), 950, 1000);
        Assert.True(_loader.LoadAsync("/a", _replica.Find("/a")).IsCompleted);
    }

    [Fact]
    public async Task What_is_not_there_any_more_has_no_filter()
    {
        await _loader.LoadAsync("/none", _replica.Find("/none"));
        Assert.Equal(Residency.NotResident, _replica.Find("/none/free").Residency);
    }

    private async Task StoreAsync()
    {
        var model = new ModelTree().Create("/a");
        for (var child = 0; child < Children; child++)
            model.Create($"/a/{child}");
        Assert.Equal(_replica.Mark, model.Commit().Zxid);
        var paths = Enumerable.Range(0, Children).Select(child => $"/a/{child}").Append("/a");
        await _store.WriteZNodesAsync(1, [.. paths.Select(path => new ZNodeRow(path, model.Find(path)))], TestContext.Current.CancellationToken);
        _replica.CompleteLoad(_replica.BeginLoad("/a")!, model.Find("/a"));
    }
}
