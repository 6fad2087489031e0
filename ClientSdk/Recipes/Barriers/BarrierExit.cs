using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>
/// One member's way out of a double barrier, a single loop. The first by name stays until all others have left, and then goes together with
/// <c>ready</c>, in one transaction; the others go at once and wait for the first. It waits only for those who were members when it began,
/// so that whoever is out and enters again does not keep others in.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="place">The barrier.</param>
/// <param name="owned">The member's znode.</param>
internal sealed class BarrierExit(IKeeperClient client, BarrierPlace place, OwnedZNode owned)
{
    private readonly ReconnectionPauses _reconnection = new(client);
    private readonly string _name = ZNodePath.Name(owned.Path).ToString();
    private List<string>? _round;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = client.Session;
            var awaited = await _reconnection.RepeatAsync(() => StepAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            if (awaited is null)
                return;

            var change = await _reconnection
                .RepeatAsync(() => WatchAsync(awaited, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (change is not null)
                await _reconnection.WaitForAsync(change, session, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whom to wait for; null when all others have left, and this member too.</summary>
    private async Task<string?> StepAsync(CancellationToken cancellationToken)
    {
        var members = await place.ReadMembersAsync(client, cancellationToken).ConfigureAwait(false);
        _round ??= members;
        var others = members.Where(member => member != _name && _round.Contains(member)).ToList();
        if (others.Count == 0)
        {
            await owned.ReleaseAsync(DeleteWithReadyAsync).ConfigureAwait(false);
            return null;
        }

        if (members.Contains(_name) && string.CompareOrdinal(_name, others[0]) < 0)
            return others[^1];

        await owned.DisposeAsync().ConfigureAwait(false);
        return others[0];
    }

    private async Task DeleteWithReadyAsync()
    {
        try
        {
            await client.Transaction().Delete(owned.Path).Delete(place.ReadyPath).CommitAsync().ConfigureAwait(false);
        }
        catch (KeeperException failure) when (failure is TransactionFailedException || failure.IsPassing())
        {
            // A kazoo client deletes the ready znode when it begins to leave.
            await GuaranteedDeletion.DeleteAsync(client, owned.Path).ConfigureAwait(false);
        }
    }

    private async Task<Task<WatchEvent>?> WatchAsync(string member, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAndWatchAsync(place.PathOf(member), cancellationToken).ConfigureAwait(false)).Changed;
        }
        catch (NoNodeException)
        {
            return null;
        }
    }
}
