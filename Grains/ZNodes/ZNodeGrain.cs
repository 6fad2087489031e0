using Orleans.GrainDirectory;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// A znode in this silo: one activation, so that the store is read once however many wait for it. What it knows stands in the replica;
/// the grain itself keeps nothing, and goes soon when nobody asks for it any more.
/// </summary>
[Orleans.Concurrency.StatelessWorker(1), GrainDirectory(LocalGrainDirectory.Name)]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class ZNodeGrain(Replica replica, IZNodeStore store, ChildNameFilterLoader filterLoader, SubmitQueue submitQueue) : Grain, IZNodeGrain
{
    /// <summary>
    /// Up to so many children, the names of all of them are read to say that one does not exist, which then also tells about all others.
    /// Of a larger znode's they make a filter.
    /// </summary>
    private const int MostChildrenToListForOne = 65_536;

    private int _callers;

    private string Path => this.GetPrimaryKeyString();

    /// <summary>
    /// Reads and writes interleave, since a write waits for this very grain to load what it is validated against; by way of its reference
    /// loads still come one after the other, so that the second finds what the first one read.
    /// </summary>
    private IZNodeGrain Self => this.AsReference<IZNodeGrain>();

    public async Task EnsureResident()
    {
        if (IsResident(replica.Find(Path)))
            return;

        await LoadAsync(Path);
        if (Path.Length > 1 && replica.Find(Path).Residency == Residency.Absent)
            await LoadSiblingsAsync(ZNodePath.Parent(Path));
        LeaveUnlessCalled();
    }

    public async Task EnsureChildrenResident()
    {
        if (!IsResident(replica.Find(Path)))
            await LoadAsync(Path);
        if (replica.Find(Path) is { Residency: Residency.Present, Place: { } place } && place.Children is not { IsComplete: true })
            await LoadChildrenAsync(Path);
        LeaveUnlessCalled();
    }

    public Task<ZNodeSnapshot?> Get(long leastZxid) => CallAsync(async () =>
    {
        await replica.WaitForAsync(leastZxid);
        var found = await FindResidentAsync();
        if (found.Residency == Residency.Absent)
            return null;

        Demand(OpCode.GetData, found.Node!, Permissions.Read);
        return new ZNodeSnapshot(found.Node!.Data, found.Node.Stat, found.Watermark);
    });

    public Task<IReadOnlyList<string>> GetChildren(long leastZxid) => CallAsync<IReadOnlyList<string>>(async () =>
    {
        await replica.WaitForAsync(leastZxid);
        while (true)
        {
            var names = ChildNames.Read(replica.Tree, Path, out var found);
            if (found.Residency == Residency.Absent)
                throw new KeeperOperationException(OpCode.GetChildren, Path, ErrorCode.NoNode);
            if (found.Node is not null)
                Demand(OpCode.GetChildren, found.Node, Permissions.Read);
            if (names is not null)
                return names;

            await Self.EnsureChildrenResident();
        }
    });

    public Task<long> Create(byte[]? data) => CallAsync(async () =>
    {
        var request = new CreateRequest(Path, data, [.. Acls.OpenUnsafe], (int)CreateMode.Persistent);
        return (await SubmitAsync(OpCode.Create, JuteRecords.ToArray(request))).Zxid;
    });

    public Task<ZNodeSnapshot> SetData(byte[]? data, int version) => CallAsync(async () =>
    {
        var request = new SetDataRequest(Path, data, version);
        var transaction = await SubmitAsync(OpCode.SetData, JuteRecords.ToArray(request));
        var node = transaction.Changes[0].Node;
        return new ZNodeSnapshot(node.Data, node.Stat, transaction.Zxid);
    });

    public Task<long> Delete(int version) => CallAsync(async () =>
    {
        var request = new DeleteRequest(Path, version);
        return (await SubmitAsync(OpCode.Delete, JuteRecords.ToArray(request))).Zxid;
    });

    private static bool IsResident(in Found found) =>
        found.Residency == Residency.Absent || found is { Residency: Residency.Present, Node.IsDataResident: true };

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        _callers++;
        try
        {
            return await call();
        }
        finally
        {
            _callers--;
        }
    }

    /// <summary>
    /// What was loaded stands in the replica: of many cold znodes the grains would only take memory. With callers the grain stays, since
    /// they wait for loads by way of it.
    /// </summary>
    private void LeaveUnlessCalled()
    {
        if (_callers == 0)
            DeactivateOnIdle();
    }

    private async Task<Found> FindResidentAsync()
    {
        while (true)
        {
            var found = replica.Find(Path);
            if (IsResident(found))
                return found;

            await Self.EnsureResident();
        }
    }

    private async Task<Transaction> SubmitAsync(OpCode operation, byte[] body)
    {
        var request = SessionlessRequest.Submit(submitQueue, operation, body);
        var transaction = await request.Transaction;
        return transaction.Error == ErrorCode.Ok ? transaction : throw new KeeperOperationException(operation, Path, transaction.Error);
    }

    private void Demand(OpCode operation, ZNode node, Permissions permissions)
    {
        if (!AccessControl.Allows(node.Acl, permissions, []))
            throw new KeeperOperationException(operation, Path, ErrorCode.NoAuth);
    }

    private Task LoadAsync(string path) => StoreLoad.RunAsync(
        replica,
        path,
        async () =>
        {
            var stored = await store.ReadZNodeAsync(path);
            return (stored.Node, stored.Target);
        },
        replica.CompleteLoad);

    private async Task LoadSiblingsAsync(string parentPath)
    {
        var parent = replica.Find(parentPath);
        if (parent.Residency == Residency.NotResident)
        {
            await LoadAsync(parentPath);
            parent = replica.Find(parentPath);
        }

        if (parent is not { Residency: Residency.Present, Place.Children: not { IsComplete: true } })
            return;

        if (parent.Node!.NumChildren <= MostChildrenToListForOne)
            await GrainFactory.GetGrain<IZNodeGrain>(parentPath).EnsureChildrenResident();
        else
            filterLoader.LoadAsync(parentPath, parent).Ignore();
    }

    private Task LoadChildrenAsync(string path) => StoreLoad.RunAsync(
        replica,
        path,
        async () =>
        {
            var stored = await store.ReadChildNamesAsync(path);
            return (stored.Names, stored.Target);
        },
        replica.CompleteLoadOfChildren);
}
