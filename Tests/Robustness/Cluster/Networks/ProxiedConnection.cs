using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>One connection through a link: bytes go both ways while the link lets them.</summary>
internal sealed class ProxiedConnection(Socket client, Link link)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task RunAsync(IPEndPoint target)
    {
        if (link.TryAdd(this))
        {
            try
            {
                await link.WaitUntilFlowingAsync();
                await _server.ConnectAsync(target);
                await Task.WhenAll(CopyAsync(client, _server), CopyAsync(_server, client));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // There is nobody, or the link was cut.
            }

            link.Remove(this);
        }

        Reset();
    }

    /// <summary>Ends it at both sides, as a killed machine's kernel would.</summary>
    public void Reset()
    {
        foreach (var socket in new[] { client, _server })
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }

            socket.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await link.WaitUntilFlowingAsync();
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }

            // Also the end of a connection is something that does not come through.
            await link.WaitUntilFlowingAsync();
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A reset at one side is one at the other, once it can come through.
            await link.WaitUntilFlowingAsync();
            Reset();
        }
    }
}
