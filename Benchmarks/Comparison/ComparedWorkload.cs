using System.Net;
using OrleansKeeper.Benchmarks.Load;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>A workload and how hard it is driven: 50 clients with one request each, or few clients that pipeline.</summary>
internal sealed record ComparedWorkload(string Name, string Workload, int Connections, int Depth, int Bytes)
{
    private const int Keys = 1000;

    public static ComparedWorkload[] All { get; } =
    [
        Clients("get"),
        Pipelined("get"),
        Clients("exists"),
        Clients("ls"),
        Clients("mix90"),
        Clients("mix50"),
        Clients("set"),
        Pipelined("set"),
        new("set-1", "set", 1, 1, 100),
        Clients("create"),
        Pipelined("create"),
        Clients("seq"),
        Clients("cdel"),
    ];

    /// <summary>What depends on how writes and reads pass between the servers of an ensemble.</summary>
    public static ComparedWorkload[] OfEnsembles { get; } =
    [
        Clients("get"),
        Pipelined("get"),
        Clients("set"),
        Pipelined("set"),
        Clients("create"),
        Pipelined("create"),
        Clients("mix90"),
    ];

    public LoadOptions Options(IReadOnlyList<IPEndPoint> servers, double seconds, string root) =>
        new(servers, Connections, Depth, seconds, Keys, Bytes, root);

    private static ComparedWorkload Clients(string workload) => new(workload, workload, 50, 1, 100);

    private static ComparedWorkload Pipelined(string workload) => new(workload + "-pipe", workload, 8, 64, 1024);
}
