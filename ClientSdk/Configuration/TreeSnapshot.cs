using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>
/// A znode and all below it as of one moment, although it takes many reads: it is read again until two rounds in a row find the same, so
/// that everything was as it is between them. One round is enough when nothing in it is newer than a transaction of which the client knew
/// before. So a transaction is in a snapshot with all that it did, or not at all.
/// </summary>
internal sealed class TreeSnapshot
{
    private const int MostRounds = 20;

    private readonly Dictionary<string, ZNodeContent> _znodes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private bool _metDeletion;

    private TreeSnapshot()
    {
    }

    /// <summary>The znodes by path; none when the root does not exist. What an access control list hides is left out.</summary>
    public IReadOnlyDictionary<string, ZNodeContent> ZNodes => _znodes;

    /// <summary>The last transaction that is known to be in it.</summary>
    public long Zxid { get; private set; }

    /// <summary>Reads a snapshot; null when there were changes all the time, so that nothing can be said to have been there at one moment.</summary>
    /// <param name="client">The client.</param>
    /// <param name="root">The znode.</param>
    /// <param name="known">A transaction of which the client knows: what is read is no older.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public static async Task<TreeSnapshot?> TryReadAsync(IKeeperClient client, string root, long known, CancellationToken cancellationToken)
    {
        TreeSnapshot? before = null;
        for (var round = 1; round <= MostRounds; round++)
        {
            var now = new TreeSnapshot { Zxid = known };
            await now.ReadBelowAsync(client, root, cancellationToken).ConfigureAwait(false);
            if ((now.Zxid == known && !now._metDeletion) || now.IsSame(before))
                return now;
            before = now;
        }

        return null;
    }

    private async Task ReadBelowAsync(IKeeperClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            var content = await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
            if (content.Stat.NumChildren == 0)
            {
                Add(path, content, content.Stat);
                return;
            }

            var children = await client.GetChildrenAsync(path, cancellationToken).ConfigureAwait(false);
            Add(path, content, children.Stat);
            var below = children.Select(child => ReadBelowAsync(client, ZNodePath.Append(path, child), cancellationToken));
            await Task.WhenAll(below).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            _metDeletion = true;
        }
        catch (NoAuthException)
        {
        }
    }

    private void Add(string path, ZNodeContent content, Stat stat)
    {
        lock (_lock)
        {
            _znodes[path] = new ZNodeContent(content.Data, stat with { Mzxid = content.Stat.Mzxid });
            Zxid = Math.Max(Zxid, Math.Max(content.Stat.Mzxid, stat.Pzxid));
        }
    }

    private bool IsSame(TreeSnapshot? before) =>
        before is not null
        && before._znodes.Count == _znodes.Count
        && _znodes.All(znode => before._znodes.TryGetValue(znode.Key, out var content)
            && content.Stat.Mzxid == znode.Value.Stat.Mzxid
            && content.Stat.Pzxid == znode.Value.Stat.Pzxid);
}
