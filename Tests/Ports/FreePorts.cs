using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Ports;

/// <summary>
/// Ports nobody listens on. They lie below the range that the kernel gives to outgoing connections: a client that tries a port of
/// that range again and again while its server is down may be given the very same port as its own and so connect to itself, and any
/// other connection may take the port before the server is back. Processes that run side by side are each given a part of them in
/// <c>KEEPER_TEST_PORTS</c> (<c>12000-20999</c>).
/// </summary>
internal static class FreePorts
{
    private const string RangeVariable = "KEEPER_TEST_PORTS";
    private const string AllPorts = "12000-29999";
    private const int MostRemembered = 6_000;

    private static readonly int[] Range =
        [.. (Environment.GetEnvironmentVariable(RangeVariable) ?? AllPorts).Split('-').Select(port => int.Parse(port, CultureInfo.InvariantCulture))];

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];
    private static readonly Queue<int> TakenInOrder = new();

    /// <summary>
    /// So many different ones, none of which was given to another test of late: that one's servers may still be starting, so that nobody
    /// listens there yet.
    /// </summary>
    public static int[] Take(int count)
    {
        var ports = new int[count];
        lock (Gate)
        {
            for (var i = 0; i < count; i++)
                ports[i] = Take();
        }

        return ports;
    }

    private static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(Range[0], Range[1] + 1);
            if (Taken.Contains(port) || !IsFree(port))
                continue;

            Taken.Add(port);
            TakenInOrder.Enqueue(port);
            if (TakenInOrder.Count > MostRemembered)
                Taken.Remove(TakenInOrder.Dequeue());
            return port;
        }
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
