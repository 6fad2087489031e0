using System.Collections.Concurrent;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// What this silo's questions to the holder of the latest epoch came to. A question does not wait for the one before: one that was on the way
/// when its receiver died is answered by nobody.
/// </summary>
internal sealed class HolderProbes(FeedReceiver receiver, ISilos silos, TimeProvider time) : IDisposable
{
    private const int MostOutstanding = 32;

    /// <summary>A refusal may be an accident of one connection.</summary>
    private const int RefusalsThatCount = 2;

    /// <summary>Silence of so long is suspicious.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Silence of so long counts though others do not say anything either: most silos hang, or this one is cut off. Shorter than the lease, so
    /// that the only silo that is left keeps its clients; long enough that one that is cut off does this once, before membership ends it.
    /// </summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan FollowerMemory = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, long> _askers = new();
    private readonly NewsSignal _news = new();
    private SiloAddress? _holder;
    private int _outstanding;
    private int _refusals;

    /// <summary>Whether nobody listens where the holder was.</summary>
    public bool IsRefused => Volatile.Read(ref _refusals) >= RefusalsThatCount;

    /// <summary>Whether the ledger has to be asked who the holder is.</summary>
    public bool HasLostTrack { get; set; }

    /// <summary>The epoch whose holder said that it is not that; 0 for none.</summary>
    public int DeniedEpoch { get; private set; }

    /// <summary>A silo asked this one: it exists, whether or not membership knows it here.</summary>
    public void Note(SiloAddress asker) => _askers[asker] = time.GetTimestamp();

    /// <summary>The silos of the cluster and those that asked lately.</summary>
    public IReadOnlyList<SiloAddress> Followers(IReadOnlyList<SiloAddress> members)
    {
        var followers = new List<SiloAddress>(members);
        foreach (var (asker, at) in _askers)
        {
            if (time.GetElapsedTime(at) > FollowerMemory)
                _askers.TryRemove(KeyValuePair.Create(asker, at));
            else if (!followers.Contains(asker) && !asker.Equals(silos.Self))
                followers.Add(asker);
        }

        return followers;
    }

    /// <summary>Asks the holder, without waiting for its answer.</summary>
    public void Probe(int epoch, SiloAddress holder)
    {
        if (!holder.Equals(_holder))
        {
            Forget();
            _holder = holder;
        }

        if (Volatile.Read(ref _outstanding) < MostOutstanding)
            _ = ProbeAsync(epoch, holder);
    }

    /// <summary>Begins anew: with another holder, or after a claim.</summary>
    public void Forget()
    {
        _holder = null;
        DeniedEpoch = 0;
        Volatile.Write(ref _refusals, 0);
        receiver.Touch();
    }

    /// <summary>Whether the holder is silent, and not only towards this silo.</summary>
    public async Task<bool> IsSilentToAllAsync()
    {
        if (receiver.Silence < Silence)
            return false;
        if (receiver.Silence > LongSilence)
            return true;

        var answers = await Task.WhenAll(silos.Others.Where(other => !other.Equals(_holder)).Select(HearsNothingAsync)).ConfigureAwait(false);
        return answers.All(hearsNothing => hearsNothing);
    }

    /// <summary>Waits for the next look, or less when something was heard that does not wait.</summary>
    public async Task WaitForNewsAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await _news.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }

    public void Dispose() => _news.Dispose();

    private async Task ProbeAsync(int epoch, SiloAddress holder)
    {
        Interlocked.Increment(ref _outstanding);
        try
        {
            var reply = await silos.ProbeAsync(holder).ConfigureAwait(false);
            if (!holder.Equals(_holder))
                return;

            Volatile.Write(ref _refusals, 0);
            if (reply.IsHolder)
                receiver.Touch();
            else
                (DeniedEpoch, HasLostTrack) = (epoch, true);
        }
        catch (TimeoutException)
        {
            // Silence speaks for itself.
        }
        catch (Exception)
        {
            if (holder.Equals(_holder) && Interlocked.Increment(ref _refusals) <= RefusalsThatCount)
                _news.Set();
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    private async Task<bool> HearsNothingAsync(SiloAddress other)
    {
        try
        {
            var reply = await silos.ProbeAsync(other).WaitAsync(PatienceWithOthers, time).ConfigureAwait(false);
            return reply is { IsHolder: false } && reply.HolderSilence > Silence / 2;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception)
        {
            // It is gone itself.
            return true;
        }
    }
}
