using System.Text;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>
/// A barrier that members cross together: nobody goes on before so many have entered, and nobody has left before all who entered are
/// leaving.
/// <code>
/// await using var membership = await barrier.EnterAsync(cancellationToken);
/// await WorkAsync(membership.LostToken);
/// await membership.LeaveAsync(cancellationToken);
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// So many is a threshold, not a limit: who comes later enters at once. It can be crossed again and again. It excludes nobody, so it has no
/// fencing token.
/// </para>
/// <para>
/// The layout is that of kazoo's <c>DoubleBarrier</c> and of Curator's <c>DistributedDoubleBarrier</c>: an ephemeral child for each member,
/// and a child <c>ready</c>. Where those leave a <c>ready</c> behind (all members died inside), the next to enter recognizes that it is
/// older than every member, and deletes it; they would walk through.
/// </para>
/// </remarks>
public sealed class DistributedDoubleBarrier
{
    private readonly IKeeperClient _client;
    private readonly BarrierPlace _place;

    /// <summary>The double barrier at a path. Nothing is sent before somebody enters.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The barrier's path; it need not exist.</param>
    /// <param name="memberCount">How many must have entered for all to go on.</param>
    /// <param name="options">What the members' znodes carry.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have, or there are no members.</exception>
    public DistributedDoubleBarrier(IKeeperClient client, string path, int memberCount, ContenderOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memberCount);
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));

        options ??= new ContenderOptions();
        _client = client;
        _place = new BarrierPlace(path, memberCount, Encoding.UTF8.GetBytes(options.Identity), options.Acl);
    }

    /// <summary>The barrier's path.</summary>
    public string Path => _place.Path;

    /// <summary>How many must have entered for all to go on.</summary>
    public int MemberCount => _place.MemberCount;

    /// <summary>Enters, and returns when enough have; waits through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; no member stays behind.</exception>
    public async Task<BarrierMembership> EnterAsync(CancellationToken cancellationToken = default) =>
        new(_client, _place, await new BarrierEntry(_client, _place).RunAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>As <see cref="EnterAsync"/>, but waits no longer than this.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if the time was up before enough had entered; no member stays behind.</returns>
    public async Task<BarrierMembership?> TryEnterAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await EnterAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
