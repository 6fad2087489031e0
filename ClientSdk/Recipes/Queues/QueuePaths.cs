using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// Where a queue has its znodes. <c>entries</c> (an item each) and <c>taken</c> (the lock of an item that somebody is working on, under the item's name,
/// ephemeral) are as in kazoo's LockingQueue. <c>consumers</c> (one znode for each object that takes, ephemeral) and <c>puts</c> (receipts) are our own.
/// </summary>
internal sealed class QueuePaths(string path)
{
    public string Root { get; } = path;

    public string Entries { get; } = ZNodePath.Append(path, "entries");

    public string Taken { get; } = ZNodePath.Append(path, "taken");

    public string Consumers { get; } = ZNodePath.Append(path, "consumers");

    public string Puts { get; } = ZNodePath.Append(path, "puts");

    public string EntryOf(string name) => ZNodePath.Append(Entries, name);

    public string LockOf(string name) => ZNodePath.Append(Taken, name);
}
