using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Tests.Unit.Replication;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.ZNodes;

/// <summary>A replica with nothing in memory, and a store of what was there at its mark.</summary>
internal sealed class ColdStoreFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataDirectory _directory;

    public ColdStoreFixture(long znodeCount)
    {
        _directory = new DataDirectory(_folder.Path);
        Store = new SqliteZNodeStore(_directory);
        Replica.Begin(new(1, 1, znodeCount), [], [], [], long.MaxValue);
    }

    public Replica Replica { get; } = new();

    public SqliteZNodeStore Store { get; }

    /// <summary>Puts znodes into the store, each behind its parent, and returns the tree of them.</summary>
    public async Task<ModelTree> StoreAsync(params IReadOnlyList<string> paths)
    {
        var model = new ModelTree();
        foreach (var path in paths)
            model.Create(path);
        Assert.Equal(Replica.Mark, model.Commit().Zxid);
        await WriteAsync(model, paths);
        return model;
    }

    /// <summary>Writes the rows of these znodes.</summary>
    public ValueTask WriteAsync(ModelTree model, params IReadOnlyList<string> paths) =>
        Store.WriteZNodesAsync(1, [.. paths.Select(path => new ZNodeRow(path, model.Find(path)))], TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
        _folder.Dispose();
    }
}
