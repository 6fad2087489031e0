using System.Diagnostics;
using System.Net.Sockets;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>One client that does not take its answers, or takes too many connections, does no harm to the others.</summary>
[Collection(Alone.Name)]
public sealed class SlowReaderTests : RobustnessTest
{
    private const int Requests = 4_000;
    private const int DataBytes = 500_000;
    private const int MostConnections = 8;
    private const long MostGrowth = 300L << 20;

    private static readonly TimeSpan Observation = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_client_that_does_not_read_fills_no_memory_and_stops_nobody()
    {
        var silo = await StartSiloAsync();
        await using var other = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await other.CreateAsync("/large", new byte[DataBytes]).OkAsync();
        await other.GetDataAsync("/large").OkAsync();
        await other.CreateAsync("/other").OkAsync();
        var before = silo.Usage;

        using var greedy = await OpenGreedyAsync(silo);
        var sending = SendRequestsAsync(greedy);
        var most = before;
        var answered = 0;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Observation; answered++)
        {
            await other.SetDataAsync("/other", $"{answered}").WaitAsync(AnswerLimit).OkAsync();
            await other.GetDataAsync("/other").WaitAsync(AnswerLimit).OkAsync();
            var now = silo.Usage;
            most = now.ResidentBytes > most.ResidentBytes ? now : most;
        }

        WriteLine($"Before: {before}; at most: {most}; {answered} writes and reads of another client.");
        Assert.True(most.ResidentBytes - before.ResidentBytes < MostGrowth, $"Grew from {before} to {most}.");
        greedy.Close();
        await sending;
    }

    [Fact]
    public async Task Connections_beyond_the_limit_of_an_address_are_refused()
    {
        var silo = await StartSiloAsync(settings => settings with { MaxClientConnections = MostConnections });
        var sessions = new List<KeeperSession>();
        try
        {
            // The server may notice a moment late that the connection which found it started has ended.
            while (sessions.Count < MostConnections)
                sessions.Add(await OpenSoonAsync(silo));
            for (var i = 0; i < MostConnections; i++)
                await Assert.ThrowsAsync<ConnectionLostException>(() => KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None));
            foreach (var session in sessions)
                await session.PingAsync().WaitAsync(AnswerLimit).OkAsync();

            await sessions[0].DisposeAsync();
            sessions[0] = await OpenSoonAsync(silo);
        }
        finally
        {
            foreach (var session in sessions)
                await session.DisposeAsync();
        }
    }

    private static async Task<KeeperSession> OpenSoonAsync(SiloProcess silo)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
            }
            catch (ConnectionLostException) when (Stopwatch.GetElapsedTime(started) < AnswerLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    private static async Task<Socket> OpenGreedyAsync(SiloProcess silo)
    {
        var socket = await TcpConnection.OpenAsync(silo.EndPoint, CancellationToken.None);
        socket.ReceiveBufferSize = 4096;
        var timeout = (int)KeeperSession.DefaultTimeout.TotalMilliseconds;
        var handshake = new ConnectRequest(0, 0, timeout, 0, new byte[WireLimits.PasswordLength]);
        var frame = new byte[Frames.SizeOf(handshake)];
        Frames.Write(frame, handshake);
        await socket.SendAsync(frame);
        return socket;
    }

    // The server may stop taking requests before it has them all: that is one way to stay within bounds.
    private static async Task SendRequestsAsync(Socket socket)
    {
        var body = new PathWatchRequest("/large", false);
        var frame = new byte[Frames.SizeOf(new RequestHeader(0, OpCode.GetData), body)];
        try
        {
            for (var xid = 1; xid <= Requests; xid++)
            {
                Frames.Write(frame, new RequestHeader(xid, OpCode.GetData), body);
                await socket.SendAsync(frame);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The server, or the end of the test, ended the connection.
        }
    }
}
