using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>The beginning of a connection: opens a session or attaches to one, and answers as ZooKeeper does.</summary>
internal sealed partial class Handshake(Replica replica, SessionFactory sessions, TimeProvider time, ILogger<Handshake> logger)
{
    private const int ProtocolVersion = 0;

    /// <summary>
    /// How long a client waits until this silo has seen what it saw on another one. Longer than the commit feed needs, and not so long that it gives
    /// up its session.
    /// </summary>
    private static readonly TimeSpan PatienceForReplica = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The session that the connection carries from now on; null when the connection is to be closed, behind whatever was written.
    /// </summary>
    public async Task<ClientSession?> AttachAsync(byte[] frame, string clientAddress, ConnectionOutput output)
    {
        if (!TryParse(frame, clientAddress, out var request))
            return null;

        if (!await replica.TryWaitForAsync(request.LastZxidSeen, PatienceForReplica, time).ConfigureAwait(false))
        {
            // It has seen what this server has not: to go on here would take it back in time (rule R4).
            LogAhead(clientAddress, request.LastZxidSeen, replica.Watermark);
            return null;
        }

        var timeout = sessions.Negotiate(request.Timeout);
        var (sessionId, password) = (request.SessionId, request.Password);
        if (sessionId == 0)
        {
            (sessionId, password) = await sessions.OpenAsync(timeout).ConfigureAwait(false);
        }
        else if (output.IsGivenUp)
        {
            // This silo stood still, or waited: the client has gone on elsewhere since, and the session is not to be taken from there.
            LogGivenUp(clientAddress, sessionId);
            return null;
        }
        else if (!await sessions.MayAttachAsync(sessionId, password).ConfigureAwait(false))
        {
            LogExpired(clientAddress, sessionId);
            Write(output, new ConnectResponse(ProtocolVersion, 0, 0, new byte[WireLimits.PasswordLength], false, request.HasReadOnly));
            return null;
        }

        // Attached first: should the connection be gone by now, the session is watched over all the same and expires.
        var session = sessions.Attach(sessionId, timeout, clientAddress, output);
        Write(output, new ConnectResponse(ProtocolVersion, timeout, sessionId, password, false, request.HasReadOnly));
        return session;
    }

    private static void Write(ConnectionOutput output, in ConnectResponse response)
    {
        lock (output.Lock)
        {
            output.Advance(Frames.Write(output.GetSpan(Frames.SizeOf(response)), response));
            output.Flush();
        }
    }

    private bool TryParse(byte[] frame, string clientAddress, out ConnectRequest request)
    {
        try
        {
            request = JuteRecords.Parse<ConnectRequest>(frame);
            return true;
        }
        catch (JuteFormatException exception)
        {
            LogMalformed(clientAddress, exception.Message);
            request = default;
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Closed a connection from {Address}: it has seen zxid 0x{Seen:x}, this server only 0x{Watermark:x}.")]
    private partial void LogAhead(string address, long seen, long watermark);

    [LoggerMessage(LogLevel.Information, "A client at {Address} had closed its connection before session 0x{SessionId:x} could be attached to it.")]
    private partial void LogGivenUp(string address, long sessionId);

    [LoggerMessage(LogLevel.Information, "A client at {Address} came back for session 0x{SessionId:x}, which has expired or has another password.")]
    private partial void LogExpired(string address, long sessionId);

    [LoggerMessage(LogLevel.Warning, "Closed a connection from {Address}: its first frame is no request for a session. {Reason}")]
    private partial void LogMalformed(string address, string reason);
}
