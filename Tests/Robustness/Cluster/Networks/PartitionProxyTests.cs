using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>The network between silos does what the tests of partitions ask of it.</summary>
public sealed class PartitionProxyTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Link _link = new();
    private readonly PartitionProxy _proxy;

    public PartitionProxyTests()
    {
        _server.Start();
        _proxy = new PartitionProxy(0, (IPEndPoint)_server.LocalEndpoint, _ => _link);
    }

    [Fact]
    public async Task Bytes_go_through_both_ways_and_so_does_the_end()
    {
        var (client, server) = await ConnectAsync();
        await client.SendAsync("to"u8.ToArray());
        Assert.Equal("to", await ReceiveAsync(server));
        await server.SendAsync("fro"u8.ToArray());
        Assert.Equal("fro", await ReceiveAsync(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReceiveAsync(server));
    }

    [Fact]
    public async Task A_stalled_link_holds_everything_back_until_it_is_healed()
    {
        var (client, server) = await ConnectAsync();
        _link.Stall();
        await client.SendAsync("held"u8.ToArray());
        using var later = await OpenAsync();
        var held = ReceiveAsync(server);
        var accepted = _server.AcceptSocketAsync();
        await Task.Delay(Moment);
        Assert.False(held.IsCompleted);
        Assert.False(accepted.IsCompleted);
        _link.Heal();
        Assert.Equal("held", await held.WaitAsync(Patience));
        using var acceptedLater = await accepted.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_cut_link_resets_what_is_open_and_takes_nothing_until_it_is_healed()
    {
        var (client, server) = await ConnectAsync();
        _link.Cut();
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server));
        await Assert.ThrowsAsync<SocketException>(OpenAndReceiveAsync);
        _link.Heal();
        var (again, _) = await ConnectAsync();
        again.Dispose();
    }

    [Fact]
    public async Task A_stalled_link_that_is_cut_resets_too()
    {
        var (client, _) = await ConnectAsync();
        _link.Stall();
        await client.SendAsync("held"u8.ToArray());
        _link.Cut();
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client));
    }

    [Fact]
    public async Task Who_has_a_connection_is_known()
    {
        var (client, _) = await ConnectAsync();
        var own = Environment.ProcessId;
        Assert.Equal(own, SocketOwner.Find((IPEndPoint)client.LocalEndPoint!, [1, own]));
        Assert.Null(SocketOwner.Find((IPEndPoint)client.LocalEndPoint!, [1]));
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
        _link.Cut();
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[64];
        var count = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = await OpenAsync();
        return (client, await _server.AcceptSocketAsync().WaitAsync(Patience));
    }

    // The reset may come while it connects, or right after.
    private async Task OpenAndReceiveAsync()
    {
        using var refused = await OpenAsync();
        await ReceiveAsync(refused);
    }

    private async Task<Socket> OpenAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_proxy.EndPoint);
        return client;
    }
}
