using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Ports;

/// <summary>
/// Ports nobody listens on. They lie below the range that the kernel gives to outgoing connections: a client that tries a port of
/// that range again and again while its server is down may be given the very same port as its own and so connect to itself, and any
/// other connection may take the port before the server is back.
/// </summary>
internal static class FreePorts
{
    private const int First = 12_000;
    private const int AfterLast = 30_000;

    /// <summary>So many different ones.</summary>
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
