using System.Globalization;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>What a cluster has used until a moment.</summary>
/// <param name="Zxid">The last transaction of that moment.</param>
/// <param name="Sequencer">Processor time of the sequencer's silo.</param>
/// <param name="Asked">Processor time of the silo that is asked when the clients are not spread; null when that is the sequencer's.</param>
/// <param name="Other">Processor time of each other silo.</param>
/// <param name="Database">Processor time of PostgreSQL.</param>
/// <param name="SentBytes">Bytes that the sequencer's silo sent to each silo that only follows.</param>
internal sealed record ClusterUsage(
    long Zxid, TimeSpan Sequencer, TimeSpan? Asked, TimeSpan Other, TimeSpan Database, long SentBytes)
{
    public static string Header { get; } =
        $"{"per transaction:",-20} {"sent bytes/silo",15}  {"CPU us: sequencer",17} {"asked",7} {"other",7} {"PostgreSQL",10}";

    public ClusterUsage Since(ClusterUsage before) => new(
        Zxid - before.Zxid,
        Sequencer - before.Sequencer,
        Asked - before.Asked,
        Other - before.Other,
        Database - before.Database,
        SentBytes - before.SentBytes);

    /// <summary>A row of what each transaction took since a moment before.</summary>
    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-20} {(double)SentBytes / Zxid,15:F0}  {Microseconds(Sequencer),17:F1} {Microseconds(Asked),7:F1} " +
        $"{Microseconds(Other),7:F1} {Microseconds(Database),10:F1}");

    private double? Microseconds(TimeSpan? time) => time?.TotalMicroseconds / Zxid;
}
