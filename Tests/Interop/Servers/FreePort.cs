using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>Finds TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>Different ports: all are held until the last is found.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
