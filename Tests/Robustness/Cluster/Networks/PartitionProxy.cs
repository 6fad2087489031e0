using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>
/// Stands in front of a party's port. Whose link a connection goes through is decided by who connects, so that one party can be cut
/// off while others are not.
/// </summary>
internal sealed class PartitionProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly Func<IPEndPoint, Link> _linkOf;

    /// <param name="port">Where it listens; 0 for any port.</param>
    /// <param name="target">What is behind it.</param>
    /// <param name="linkOf">The link of whoever connects from an address.</param>
    public PartitionProxy(int port, IPEndPoint target, Func<IPEndPoint, Link> linkOf)
    {
        _target = target;
        _linkOf = linkOf;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                client.NoDelay = true;
                _ = Task.Run(() => PassAsync(client));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        Link link;
        try
        {
            link = _linkOf((IPEndPoint)client.RemoteEndPoint!);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // It ended before it could be seen whose it is.
            client.Dispose();
            return;
        }

        await new ProxiedConnection(client, link).RunAsync(_target);
    }
}
