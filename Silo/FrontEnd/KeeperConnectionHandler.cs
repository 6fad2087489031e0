using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Protocol;
using OrleansKeeper.Silo.FrontEnd.FourLetterWords;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// A client's TCP connection from its first byte: a four-letter word, or a handshake and then requests until either side ends it.
/// Runs on the socket's thread and never blocks there.
/// </summary>
internal sealed partial class KeeperConnectionHandler(
    Handshake handshake,
    RequestLoop requests,
    FourLetterWordTable words,
    ConnectionLimiter limiter,
    ServerStatistics statistics,
    KeeperEngine engine,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<KeeperConnectionHandler> logger) : ConnectionHandler
{
    /// <summary>As ZooKeeper's <c>zookeeper.nio.sessionlessCnxnTimeout</c>.</summary>
    private static readonly TimeSpan TimeToIntroduceOneself = TimeSpan.FromSeconds(10);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var address = AddressOf(connection);
        if (!limiter.TryAdd(address, out var limit))
        {
            statistics.CountRefusedConnection();
            LogRefused(address, limit);
            return;
        }

        try
        {
            await ServeAsync(connection, address).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ConnectionResetException or ConnectionAbortedException)
        {
            LogLost(address, exception.Message);
        }
        finally
        {
            limiter.Remove(address);
        }
    }

    private static IPAddress AddressOf(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private async Task ServeAsync(ConnectionContext connection, IPAddress address)
    {
        var output = new ConnectionOutput(connection, options.Value.MaxQueuedBytesPerConnection);
        if (await ReadFirstFrameAsync(connection, address).ConfigureAwait(false) is not { } first)
            return;

        // Not before everything that clients rely on is there.
        if (!engine.IsServing)
            return;

        var session = await handshake.AttachAsync(first, address.ToString(), output).ConfigureAwait(false);
        if (session is null)
            return;

        await requests.RunAsync(connection, session, output).ConfigureAwait(false);
    }

    /// <summary>The payload of the first frame; null when there is none because a word was answered, or the client said nothing sensible.</summary>
    private async Task<byte[]?> ReadFirstFrameAsync(ConnectionContext connection, IPAddress address)
    {
        using var patience = new CancellationTokenSource(TimeToIntroduceOneself, time);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                var buffer = read.Buffer;
                if (FrameLength.TryRead(buffer, out var length))
                {
                    var word = Encoding.ASCII.GetString(buffer.Slice(0, WireLimits.FourLetterWordLength));
                    if (words.Find(word) is { } command)
                    {
                        input.AdvanceTo(buffer.End);
                        await AnswerAsync(connection, command).ConfigureAwait(false);
                        return null;
                    }

                    if (length < 0 || length > options.Value.MaxRequestBytes)
                    {
                        LogBadLength(address, length, options.Value.MaxRequestBytes);
                        return null;
                    }

                    if (buffer.Length - Frames.LengthPrefixBytes >= length)
                    {
                        var frame = buffer.Slice(Frames.LengthPrefixBytes, length);
                        var payload = frame.ToArray();
                        input.AdvanceTo(frame.End);
                        return payload;
                    }
                }

                if (read.IsCompleted)
                    return null;

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            LogSilent(address, TimeToIntroduceOneself);
            return null;
        }
    }

    private static async Task AnswerAsync(ConnectionContext connection, IFourLetterWord command)
    {
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(command.Answer())).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning, "Refused a connection from {Address}: beyond {Limit}.")]
    private partial void LogRefused(IPAddress address, string limit);

    [LoggerMessage(LogLevel.Debug, "Lost a connection from {Address}: {Reason}")]
    private partial void LogLost(IPAddress address, string reason);

    [LoggerMessage(LogLevel.Warning, "Closed a connection from {Address}: it announced a frame of {Length} bytes, and Keeper:MaxRequestBytes is {Most}.")]
    private partial void LogBadLength(IPAddress address, int length, int most);

    [LoggerMessage(LogLevel.Information, "Closed a connection from {Address}: it did not ask for a session within {Patience}.")]
    private partial void LogSilent(IPAddress address, TimeSpan patience);
}
