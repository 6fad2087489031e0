using System.Globalization;
using System.Text;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>
/// Adds this client's visits to the counters in the service, one znode a server whose data is a decimal number, and learns what the other
/// clients added. All of a round is one transaction on the versions that were read: a visit is counted once, or, when the connection breaks
/// while the transaction is on its way, perhaps not at all.
/// </summary>
/// <remarks>
/// A server that joins begins at the lowest count of the others. At zero it would get every request of every client until it had caught up.
/// </remarks>
/// <param name="client">The client.</param>
/// <param name="path">The counters' parent.</param>
/// <param name="options">The counters' lifetime.</param>
internal sealed class VisitExchange(IKeeperClient client, string path, LoadBalancingOptions options) : IDisposable
{
    private const int Attempts = 5;
    private const double HeaviestWeight = 1000;

    private readonly CreateOptions _counterKind = new() { Mode = CreateMode.PersistentWithTtl, TimeToLive = options.CounterLifetime };
    private readonly SemaphoreSlim _oneRound = new(1);
    private Dictionary<string, long> _lastCounts = [];
    private double _weight = 1;

    /// <summary>Does one round. False when other clients were faster each time: what was not counted is counted in a later round.</summary>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public async Task<bool> ExchangeAsync(IReadOnlyList<ServerLoad> loads, CancellationToken cancellationToken)
    {
        await _oneRound.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await client.EnsurePathAsync(path, cancellationToken).ConfigureAwait(false);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await TryExchangeAsync(loads, cancellationToken).ConfigureAwait(false))
                    return true;
                var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20 << attempt));
                await Task.Delay(pause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            return false;
        }
        finally
        {
            _oneRound.Release();
        }
    }

    public void Dispose() => _oneRound.Dispose();

    private async Task<bool> TryExchangeAsync(IReadOnlyList<ServerLoad> loads, CancellationToken cancellationToken)
    {
        var reads = loads.Select(load => client.FindAsync(CounterPath(load), cancellationToken));
        var counters = await Task.WhenAll(reads).ConfigureAwait(false);
        var counts = new long?[loads.Count];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = counters[i] is { } counter ? ReadCount(CounterPath(loads[i]), counter) : null;

        var floor = counts.Min() ?? 0;
        var added = new long[loads.Count];
        List<TransactionOperation> operations = [];
        for (var i = 0; i < loads.Count; i++)
        {
            added[i] = loads[i].Uncounted;
            if (added[i] > 0)
                operations.Add(Add(CounterPath(loads[i]), counters[i], (counts[i] ?? floor) + added[i]));
        }

        try
        {
            if (operations.Count > 0)
                await client.CommitAsync(operations, cancellationToken).ConfigureAwait(false);
        }
        catch (TransactionFailedException exception) when (exception.Error is ErrorCode.BadVersion or ErrorCode.NodeExists or ErrorCode.NoNode)
        {
            return false;
        }
        catch (Exception exception) when (exception is OperationCanceledException or KeeperException { Outcome: OperationOutcome.Unknown })
        {
            // Whether these are counted is not known: adding them again might count them twice.
            for (var i = 0; i < loads.Count; i++)
                loads[i].Learn((counts[i] ?? floor) + added[i], _weight, added[i]);
            throw;
        }

        Learn(loads, [.. counts.Select(count => count ?? floor)], added);
        return true;
    }

    private TransactionOperation Add(string counter, ZNodeContent? current, long count)
    {
        var data = Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture));
        return current is { } content
            ? new TransactionOperation.SetData(counter, data, content.Stat.Version)
            : new TransactionOperation.Create(counter, data, _counterKind);
    }

    /// <summary>What all clients added since the last round, beside what this one added, says how much each of its visits stands
    /// for.</summary>
    private void Learn(IReadOnlyList<ServerLoad> loads, long[] counts, long[] added)
    {
        var mine = added.Sum();
        var others = loads.Select((load, i) => _lastCounts.TryGetValue(load.Server.Name, out var last) ? Math.Max(0, counts[i] - last) : 0).Sum();
        if (mine > 0)
            _weight = Math.Min(HeaviestWeight, (mine + others) / (double)mine);

        Dictionary<string, long> lastCounts = new(loads.Count, StringComparer.Ordinal);
        for (var i = 0; i < loads.Count; i++)
        {
            lastCounts[loads[i].Server.Name] = counts[i] + added[i];
            loads[i].Learn(counts[i] + added[i], _weight, added[i]);
        }
        _lastCounts = lastCounts;
    }

    private string CounterPath(ServerLoad load) => ZNodePath.Append(path, load.Server.Name);

    private static long ReadCount(string counter, ZNodeContent content) =>
        long.TryParse(content.Data.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new FormatException($"The data of {counter} is not a count: \"{content.Text()}\".");
}
