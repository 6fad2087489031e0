using System.Globalization;
using System.Net;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>How hard, how long and on what.</summary>
/// <param name="Servers">Where the servers of one tree listen: one, or several, over which the connections are spread.</param>
/// <param name="Connections">Connections, each with a session of its own.</param>
/// <param name="Depth">Requests that each connection keeps in flight.</param>
/// <param name="Seconds">Measured time; a fifth of it goes before, to warm up.</param>
/// <param name="Keys">Znodes that are read and written.</param>
/// <param name="Bytes">Data of each znode.</param>
/// <param name="Root">The znode below which all this happens.</param>
internal sealed record LoadOptions(
    IReadOnlyList<IPEndPoint> Servers, int Connections, int Depth, double Seconds, int Keys, int Bytes, string Root)
{
    /// <summary>The server of a connection.</summary>
    public IPEndPoint ServerOf(int connection) => Servers[connection % Servers.Count];

    public string KeysParent => Root + "/k";

    public string QueueParent => Root + "/q";

    public string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{KeysParent}/{number}");
}
