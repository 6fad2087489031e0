using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>
/// Ports nobody listens on, below the range that the kernel gives to outgoing connections: a client that tries a port of that range
/// while its server starts may be given the same port as its own and so connect to itself.
/// </summary>
internal static class FreePorts
{
    private const int First = 12_000;
    private const int AfterLast = 30_000;

    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
