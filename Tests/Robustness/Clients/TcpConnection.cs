using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>Opens plain TCP connections, for those who do not want to speak the protocol properly.</summary>
internal static class TcpConnection
{
    public static async Task<Socket> OpenAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ConnectionLostException("The server does not accept connections.", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
