using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// Finds TCP ports of the loopback interface that nobody listens on. They lie below the range that the kernel gives to outgoing connections,
/// one of which could take a server's port while the server is down, even the client's that tries to reach it.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int AfterLast = 30_000;

    /// <summary>Different ports: all are held until the last is found.</summary>
    public static int[] Find(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            while (listeners.Count < count)
            {
                if (TryListen(Random.Shared.Next(First, AfterLast)) is { } listener)
                    listeners.Add(listener);
            }
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
