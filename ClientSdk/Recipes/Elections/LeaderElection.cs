using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Elections;

/// <summary>
/// An election among all who name the same path: one of them leads at a time, in the order in which they stood.
/// <code>
/// await election.RunAsync(async (term, stop) => await LeadAsync(term.FencingToken, stop), cancellationToken);
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// A leader that was paused past its session's timeout may not know yet that another one leads: what it orders should carry
/// <see cref="LeaderTerm.FencingToken"/>, and what it writes in this service should be in a transaction with <c>Check(term.Path)</c>.
/// </para>
/// <para>
/// The layout is that of kazoo's <c>Election</c>, or that of Curator's <c>LeaderLatch</c> (<c>_c_GUID-latch-SEQUENCE</c>):
/// <see cref="LeaderElectionOptions.Layout"/>. Curator's <c>LeaderSelector</c> recognizes neither.
/// </para>
/// </remarks>
public sealed class LeaderElection
{
    private readonly IKeeperClient _client;
    private readonly ContentionPlace _place;

    /// <summary>The election at a path. Nothing is sent before somebody stands.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The election's path; it need not exist.</param>
    /// <param name="options">How to stand.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
    public LeaderElection(IKeeperClient client, string path, LeaderElectionOptions? options = null)
    {
        options ??= new LeaderElectionOptions();
        _client = client;
        _place = ContentionPlace.Create(path, ContenderKind.Leader, options.Layout, ContentionRules.Exclusive, options);
    }

    /// <summary>The election's path.</summary>
    public string Path => _place.Parent;

    /// <summary>Stands for election once, and waits until elected, through lost connections and sessions.</summary>
    /// <returns>The term; disposing it resigns.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; no candidate stays behind.</exception>
    /// <exception cref="KeeperException">One cannot stand: an access control list forbids it, or the client was disposed.</exception>
    public async Task<LeaderTerm> CampaignAsync(CancellationToken cancellationToken = default) =>
        (await TryCampaignAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Stands for election once, and waits until elected, but not longer than this.</summary>
    /// <param name="timeout">How long; by default not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The term; null if it did not begin in that time. No candidate stays behind then.</returns>
    /// <exception cref="ConnectionLostException">The client was not connected when the time was up.</exception>
    public async Task<LeaderTerm?> TryCampaignAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var granted = await new Acquisition(_client, _place).RunAsync(timeout, cancellationToken).ConfigureAwait(false);
        return granted is null ? null : new LeaderTerm(granted);
    }

    /// <summary>
    /// Stands for election, leads when elected, and stands again when the term is over, until it is cancelled. No other is elected before
    /// <paramref name="lead"/> has ended, unless the session expired.
    /// </summary>
    /// <param name="lead">
    /// Leads. Its token is cancelled when the term is lost, or with <paramref name="cancellationToken"/>. When it returns, the leader
    /// resigns and stands again, behind those who wait; when it throws something else than a cancellation that it was asked for, the leader
    /// resigns and this throws the same.
    /// </param>
    /// <param name="cancellationToken">Ends it: resigns, or stops standing.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="KeeperException">One cannot stand: an access control list forbids it, or the client was disposed.</exception>
    public async Task RunAsync(Func<LeaderTerm, CancellationToken, Task> lead, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await using var term = await CampaignAsync(cancellationToken).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.LostToken, cancellationToken);
            try
            {
                await lead(term, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The leader, and those who wait for its end, in their order, of all layouts.</summary>
    public Task<IReadOnlyList<Contender>> GetCandidatesAsync(CancellationToken cancellationToken = default) =>
        Contenders.ReadAsync(_client, Path, cancellationToken);

    /// <summary>Who leads, as far as the service knows; null if nobody does.</summary>
    public Task<Contender?> GetLeaderAsync(CancellationToken cancellationToken = default) =>
        Contenders.FindFirstAsync(_client, Path, cancellationToken);

    /// <summary>
    /// Who leads, now and after every change, until it is cancelled; null while nobody does. Leaders that were replaced before one looked
    /// are left out. An observer watches the leader only.
    /// </summary>
    public async IAsyncEnumerable<Contender?> WatchLeaderAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watch = new LeaderWatch(_client, Path);
        while (true)
            yield return await watch.NextAsync(cancellationToken).ConfigureAwait(false);
    }
}
