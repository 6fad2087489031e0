using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>
/// One member's way into a double barrier, a single loop: it creates its znode, and then <c>ready</c> if it makes the number full, or waits
/// until another one has.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="place">The barrier.</param>
internal sealed class BarrierEntry(IKeeperClient client, BarrierPlace place)
{
    private static readonly CreateOptions ReadyCreation = new() { CreateParents = true };

    private readonly CreateOptions _creation = new() { Mode = CreateMode.Ephemeral, Acl = place.Acl, CreateParents = true };
    private readonly ReconnectionPauses _reconnection = new(client);
    private string _name = NewName();

    public async Task<OwnedZNode> RunAsync(CancellationToken cancellationToken)
    {
        OwnedZNode? entered = null;
        try
        {
            while (entered is null)
            {
                await _reconnection.RepeatAsync(() => WaitUntilOpenAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
                entered = await _reconnection
                    .RepeatAsync(() => OwnedZNode.TryTakeAsync(client, place.PathOf(_name), cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
                if (entered is null)
                    await DiscardAsync(cancellationToken).ConfigureAwait(false);
            }
            return entered;
        }
        finally
        {
            if (entered is null)
                await GuaranteedDeletion.DeletePrefixAsync(client, place.Path, _name).ConfigureAwait(false);
        }
    }

    /// <summary>Returns true, when enough members have entered.</summary>
    private async Task<bool> WaitUntilOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = client.Session;
            var ready = await client.ExistsAndWatchAsync(place.ReadyPath, cancellationToken).ConfigureAwait(false);
            var members = await place.ReadMembersAsync(client, cancellationToken).ConfigureAwait(false);
            if (!members.Contains(_name))
            {
                await CreateAsync(place.PathOf(_name), place.Data, _creation, cancellationToken).ConfigureAwait(false);
            }
            else if (ready.Value is { } stat)
            {
                if (await IsOfPresentMembersAsync(stat, members, cancellationToken).ConfigureAwait(false))
                    return true;
                await GuaranteedDeletion.DeleteAsync(client, place.ReadyPath).ConfigureAwait(false);
            }
            else if (members.Count >= place.MemberCount)
            {
                await CreateAsync(place.ReadyPath, ReadOnlyMemory<byte>.Empty, ReadyCreation, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var change = await _reconnection.WaitForAsync(ready.Changed, session, cancellationToken).ConfigureAwait(false);
                if (change is { Type: WatchEventType.NodeCreated })
                {
                    // It may have been deleted again by one that left in the meantime.
                    return true;
                }
            }
        }
    }

    /// <summary>
    /// Whether a member is there that was when <c>ready</c> was created; if not, it was left behind by members of earlier.
    /// </summary>
    private async Task<bool> IsOfPresentMembersAsync(Stat ready, List<string> members, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            var stat = await client.ExistsAsync(place.PathOf(member), cancellationToken).ConfigureAwait(false);
            if (stat is not null && stat.Value.Czxid < ready.Czxid)
                return true;
        }
        return false;
    }

    private async Task CreateAsync(string path, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(path, data, options, cancellationToken).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
        }
    }

    /// <summary>The znode cannot be taken: its session is not the client's, or is about to end.</summary>
    private async Task DiscardAsync(CancellationToken cancellationToken)
    {
        await GuaranteedDeletion.DeleteAsync(client, place.PathOf(_name)).ConfigureAwait(false);
        _name = NewName();
        await _reconnection.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string NewName() => Guid.NewGuid().ToString("n");
}
