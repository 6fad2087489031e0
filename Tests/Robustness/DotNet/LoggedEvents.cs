using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Tests.Robustness.DotNet;

/// <summary>What a watch should have heard of, from the transaction log of a server that has ended.</summary>
internal static class LoggedEvents
{
    /// <summary>The events of a recursive watch on a path, of all transactions behind a zxid.</summary>
    public static async Task<List<WatchEvent>> ReadAsync(string dataDirectory, string path, long afterZxid)
    {
        using var directory = new DataDirectory(dataDirectory);
        using var log = new SqliteTransactionLog(directory, NullLogger<SqliteTransactionLog>.Instance);
        var events = new List<WatchEvent>();
        await foreach (var batch in log.ReadAfterAsync(afterZxid))
            Add(batch.Payload.Span, path, afterZxid, events);
        return events;
    }

    private static void Add(ReadOnlySpan<byte> payload, string path, long afterZxid, List<WatchEvent> events)
    {
        var reader = new TransactionReader(payload);
        while (reader.Read() is { } transaction)
        {
            if (transaction.Zxid <= afterZxid)
                continue;

            foreach (var change in transaction.Changes)
            {
                if (TypeOf(change.Kind) is { } type && (change.Path == path || change.Path.StartsWith(path + "/", StringComparison.Ordinal)))
                    events.Add(new WatchEvent(type, change.Path, transaction.Zxid));
            }
        }
    }

    private static WatchEventType? TypeOf(ZNodeChangeKind kind) => kind switch
    {
        ZNodeChangeKind.Created => WatchEventType.NodeCreated,
        ZNodeChangeKind.Deleted => WatchEventType.NodeDeleted,
        ZNodeChangeKind.DataSet => WatchEventType.NodeDataChanged,
        _ => null,
    };
}
