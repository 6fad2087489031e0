using System.Collections.Concurrent;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>Sequential znodes below <c>/q</c>, whose names tell whether each request was executed once.</summary>
internal sealed class SequentialWrites
{
    private readonly ConcurrentQueue<Transaction> _written = new();

    public int Count => _written.Count;

    public Transaction? Last => _written.LastOrDefault();

    /// <summary>Creates one after the other by way of a silo, until it is cancelled.</summary>
    public async Task WriteAsync(IServiceProvider silo, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            _written.Enqueue(await silo.CreateSequentialAsync("/q/n-"));
    }

    /// <summary>Every request was answered once, each with a zxid and a name of its own, and nothing else was created.</summary>
    public void AssertExecutedOnce()
    {
        Assert.All(_written, transaction => Assert.Equal(ErrorCode.Ok, transaction.Error));
        Assert.Equal(Count, _written.Select(transaction => transaction.Zxid).Distinct().Count());
        var names = _written.Select(transaction => transaction.Changes[0].Path).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"/q/n-{number:D10}"), names);
    }
}
