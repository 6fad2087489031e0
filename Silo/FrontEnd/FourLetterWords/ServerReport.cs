using System.Globalization;
using System.Text;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The lines that <c>srvr</c> and <c>stat</c> share, in the form that monitors parse.</summary>
internal sealed class ServerReport(
    Replica replica, UndecidedRequests undecided, LiveConnections connections, ServerStatistics statistics, ServerMode mode)
{
    public static string VersionLine => $"Zookeeper version: {ServerVersion.Text}, built on {ServerVersion.BuiltOn}\n";

    public string TrafficLines()
    {
        var latency = connections.SumLatency();
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Latency min/avg/max: {latency.Least}/{latency.Average:F4}/{latency.Most}\n")
            .Append(CultureInfo.InvariantCulture, $"Received: {statistics.Received}\n")
            .Append(CultureInfo.InvariantCulture, $"Sent: {connections.Sent}\n")
            .Append(CultureInfo.InvariantCulture, $"Connections: {connections.Count}\n")
            .Append(CultureInfo.InvariantCulture, $"Outstanding: {undecided.Count}\n")
            .Append(CultureInfo.InvariantCulture, $"Zxid: 0x{replica.Watermark:x}\n")
            .Append(CultureInfo.InvariantCulture, $"Mode: {mode.Text}\n")
            .Append(CultureInfo.InvariantCulture, $"Node count: {replica.ZNodeCount}\n")
            .ToString();
    }
}
