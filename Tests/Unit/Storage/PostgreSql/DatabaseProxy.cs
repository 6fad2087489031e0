using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>The network between a silo and its database: it can hold back what either says, and cut connections.</summary>
internal sealed class DatabaseProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _connections = [];
    private readonly Lock _lock = new();
    private readonly int _serverPort;
    private TaskCompletionSource _requests = Open();
    private TaskCompletionSource _replies = Open();
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRefusing;
    private int _accepted;

    public DatabaseProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Number of connections that were passed on so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Completes when something has been held back.</summary>
    public Task Holding => _holding.Task;

    /// <summary>Holds back what clients say from now on, until the result is set.</summary>
    public TaskCompletionSource HoldRequests() => _requests = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds back what the server says from now on, until the result is set.</summary>
    public TaskCompletionSource HoldReplies() => _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on what is said from now on. What is held back stays so.</summary>
    public void LetNewConnectionsPass() => (_requests, _replies) = (Open(), Open());

    /// <summary>Ends every connection, at both sides.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    /// <summary>Takes no connections, or takes them again.</summary>
    public void Refuse(bool isRefusing) => _isRefusing = isRefusing;

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        if (_isRefusing)
        {
            client.Dispose();
            return;
        }

        Interlocked.Increment(ref _accepted);
        var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        await server.ConnectAsync(IPAddress.Loopback, _serverPort);
        lock (_lock)
        {
            _connections.Add(client);
            _connections.Add(server);
        }

        await Task.WhenAll(CopyAsync(client, server, () => _requests), CopyAsync(server, client, () => _replies));
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Func<TaskCompletionSource> gate)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                var passing = gate().Task;
                if (!passing.IsCompleted)
                    _holding.TrySetResult();
                await passing;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was cut.
        }
    }
}
