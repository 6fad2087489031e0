using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Benchmarks.Comparison;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>What a server says of itself in answer to ZooKeeper's four-letter word <c>srvr</c>.</summary>
/// <param name="Mode"><c>leader</c> or <c>follower</c>; empty while it serves nobody.</param>
/// <param name="Zxid">Its last transaction.</param>
internal sealed record ServerStatus(string Mode, long Zxid)
{
    private const string Leader = "leader";
    private const string Follower = "follower";

    private static readonly TimeSpan ServeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public bool IsLeader => Mode == Leader;

    public static async Task<ServerStatus> AskAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("srvr"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n');
        return new ServerStatus(
            Value(lines, "Mode: "),
            Value(lines, "Zxid: 0x") is { Length: > 0 } zxid ? long.Parse(zxid, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0);
    }

    /// <summary>Waits until all servers serve; returns the leader's index.</summary>
    public static async Task<int> FindLeaderAsync(IReadOnlyList<ComparedServer> servers, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ServeLimit);
        while (true)
        {
            var modes = new string[servers.Count];
            for (var i = 0; i < modes.Length; i++)
                modes[i] = (await AskAsync(servers[i].EndPoint, limit.Token)).Mode;
            if (modes.Count(mode => mode == Leader) == 1 && modes.Count(mode => mode == Follower) == modes.Length - 1)
                return Array.IndexOf(modes, Leader);

            await Task.Delay(PollInterval, limit.Token);
        }
    }

    private static string Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "";
}
