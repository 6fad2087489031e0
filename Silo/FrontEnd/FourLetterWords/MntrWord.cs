using System.Globalization;
using System.Text;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The server's figures, one a line, for monitors. Under ZooKeeper's names where it has the figure, with ours behind.</summary>
internal sealed class MntrWord(
    Replica replica,
    UndecidedRequests undecided,
    TransactionOrderer orderer,
    Checkpointer checkpointer,
    LiveConnections connections,
    ServerStatistics statistics,
    ServerMode mode,
    TimeProvider time) : IFourLetterWord
{
    public string Word => "mntr";

    public string Answer()
    {
        var answer = new StringBuilder();
        foreach (var (name, value) in Figures())
            answer.Append(CultureInfo.InvariantCulture, $"zk_{name}\t{value}\n");
        return answer.ToString();
    }

    private IEnumerable<(string Name, object Value)> Figures() => Figures(connections.SumLatency());

    private IEnumerable<(string Name, object Value)> Figures(RequestLatency latency) =>
    [
        ("version", $"{ServerVersion.Text}, built on {ServerVersion.BuiltOn}"),
        ("server_state", mode.Text),
        ("ephemerals_count", replica.Ephemerals.Count),
        ("min_latency", latency.Least),
        ("avg_latency", latency.Average),
        ("max_latency", latency.Most),
        ("num_alive_connections", connections.Count),
        ("outstanding_requests", undecided.Count),
        ("packets_received", statistics.Received),
        ("packets_sent", connections.Sent),
        ("connection_rejected", statistics.RefusedConnections),
        ("znode_count", replica.ZNodeCount),
        ("watch_count", replica.Watches.Count),
        ("global_sessions", replica.SessionCount),
        ("local_sessions", 0),
        ("outstanding_changes_queued", orderer.Outstanding),
        ("uptime", (long)(time.GetUtcNow() - statistics.StartedAt).TotalMilliseconds),
        ("open_file_descriptor_count", OpenFileDescriptors()),
        ("keeper_last_zxid", replica.Watermark),
        ("keeper_checkpoint_zxid", replica.Mark),
        ("keeper_checkpoints", checkpointer.Completed),
        ("keeper_dirty_znodes", replica.DirtyCount),
        ("keeper_resident_bytes", replica.ResidentBytes),
        ("keeper_gc_pause_ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds),
        ("keeper_gc_gen0_collections", GC.CollectionCount(0)),
        ("keeper_gc_gen1_collections", GC.CollectionCount(1)),
        ("keeper_gc_gen2_collections", GC.CollectionCount(2)),
        ("keeper_allocated_bytes", GC.GetTotalAllocatedBytes()),
    ];

    private static int OpenFileDescriptors()
    {
        const string OwnDescriptors = "/proc/self/fd";
        return Directory.Exists(OwnDescriptors) ? Directory.GetFiles(OwnDescriptors).Length : -1;
    }
}
