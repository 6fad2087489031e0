using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// Reads a session's requests: all frames of one receive are processed under the session's lock and answered with one flush. When too
/// much waits, for the log or for the client to take its replies, nothing more is read until it is less.
/// </summary>
internal sealed partial class RequestLoop(
    ClientSessionTable sessions,
    SubmitQueue submitQueue,
    UndecidedRequests undecided,
    ServerStatistics statistics,
    LiveConnections connections,
    TimeProvider time,
    IOptions<KeeperOptions> options,
    ILogger<RequestLoop> logger)
{
    private static readonly TimeSpan LongestWaitForAnswers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWhenOverloaded = TimeSpan.FromMilliseconds(1);

    private enum Progress
    {
        /// <summary>Everything that arrived is processed.</summary>
        NeedsInput,

        /// <summary>The next request has to be tried again: a transaction is just being applied.</summary>
        Unsettled,

        /// <summary>Too much waits.</summary>
        Overloaded,

        /// <summary>The connection is to be closed.</summary>
        Ended,
    }

    public async Task RunAsync(ConnectionContext connection, ClientSession session, ConnectionOutput output)
    {
        var input = connection.Transport.Input;
        var live = connections.Add(connection.RemoteEndPoint?.ToString() ?? "", session);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var stop = stopping.Register(input.CancelPendingRead);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync().ConfigureAwait(false);
                if (read.IsCanceled)
                {
                    // The server stops: what is in flight is answered first. Or the session ended: then nothing is.
                    await session.WaitForRoomAsync(below: 1).WaitAsync(LongestWaitForAnswers, time).ConfigureAwait(false);
                    break;
                }

                var buffer = read.Buffer;
                var progress = ProcessAll(session, output, ref buffer);
                var wait = new SpinWait();
                while (progress is Progress.Unsettled or Progress.Overloaded)
                {
                    if (progress == Progress.Unsettled)
                        wait.SpinOnce();
                    else
                        await WaitForRoomAsync(session, output).ConfigureAwait(false);
                    progress = ProcessAll(session, output, ref buffer);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted || progress == Progress.Ended)
                    break;
            }
        }
        finally
        {
            connections.Remove(live);
            sessions.Detach(session);
        }
    }

    private Progress ProcessAll(ClientSession session, ConnectionOutput output, ref ReadOnlySequence<byte> buffer)
    {
        session.Touch();
        var progress = Progress.NeedsInput;
        var processed = 0;
        lock (output.Lock)
        {
            while (progress == Progress.NeedsInput && TryReadFrame(session, buffer, out var frame, out progress))
            {
                progress = Process(session, output, frame);
                if (progress is Progress.Unsettled or Progress.Overloaded)
                    break;

                buffer = buffer.Slice(frame.End);
                processed++;
            }

            output.Flush();
            if (session.PendingCount == 0)
                session.Counters.Latency.Add(session.ElapsedSinceHeard, processed);
        }

        // Not under the lock: see there.
        submitQueue.Submit();
        statistics.CountReceived(processed);
        return progress;
    }

    private bool TryReadFrame(
        ClientSession session, in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame, out Progress progress)
    {
        progress = Progress.NeedsInput;
        frame = default;
        if (!FrameLength.TryRead(buffer, out var length))
            return false;

        if (length < 0 || length > options.Value.MaxRequestBytes)
        {
            LogBadLength(session.ClientAddress, session.SessionId, length, options.Value.MaxRequestBytes);
            progress = Progress.Ended;
            return false;
        }

        if (buffer.Length - Frames.LengthPrefixBytes < length)
            return false;

        frame = buffer.Slice(Frames.LengthPrefixBytes, length);
        return true;
    }

    private Progress Process(ClientSession session, ConnectionOutput output, in ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment)
            return Process(session, output, frame.FirstSpan);

        var length = (int)frame.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            frame.CopyTo(copy);
            return Process(session, output, copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private Progress Process(ClientSession session, ConnectionOutput output, ReadOnlySpan<byte> frame)
    {
        if (IsOverloaded(session, output))
            return Progress.Overloaded;

        if (frame.Length < RequestHeader.WireSize)
        {
            LogShortFrame(session.ClientAddress, session.SessionId, frame.Length);
            return Progress.Ended;
        }

        var xid = BinaryPrimitives.ReadInt32BigEndian(frame);
        var operation = (OpCode)BinaryPrimitives.ReadInt32BigEndian(frame[sizeof(int)..]);
        var body = frame[RequestHeader.WireSize..];
        if (operation == OpCode.Auth && !TryAuthenticate(session, body))
        {
            LogAuthFailed(session.ClientAddress, session.SessionId);
            ReplyWriter.WriteHeader(output, xid, 0, ErrorCode.AuthFailed);
            return Progress.Ended;
        }

        return session.TryProcess(operation, xid, body) ? Progress.NeedsInput : Progress.Unsettled;
    }

    private bool TryAuthenticate(ClientSession session, ReadOnlySpan<byte> body)
    {
        try
        {
            var packet = JuteRecords.Parse<AuthPacket>(body);
            if (Authentication.Authenticate(packet.Scheme, packet.Auth, options.Value.SuperDigest) is not { } identities)
                return false;

            session.AddIdentities(identities);
            return true;
        }
        catch (JuteFormatException)
        {
            return false;
        }
    }

    private bool IsOverloaded(ClientSession session, ConnectionOutput output)
    {
        if (session.PendingCount >= options.Value.MaxOutstandingRequestsPerConnection)
            return true;
        if (session.PendingCount > 0 && undecided.Count >= options.Value.MaxOutstandingRequests)
            return true;
        if (!output.WantsFlush)
            return false;

        output.Flush();
        return output.IsFull;
    }

    private async Task WaitForRoomAsync(ClientSession session, ConnectionOutput output)
    {
        await output.WaitForRoomAsync().ConfigureAwait(false);
        await session.WaitForRoomAsync(options.Value.MaxOutstandingRequestsPerConnection).ConfigureAwait(false);
        if (undecided.Count >= options.Value.MaxOutstandingRequests)
            await Task.Delay(PauseWhenOverloaded).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning,
        "Closed the connection of session 0x{SessionId:x} from {Address}: it announced a frame of {Length} bytes, and Keeper:MaxRequestBytes is {Most}.")]
    private partial void LogBadLength(string address, long sessionId, int length, int most);

    [LoggerMessage(LogLevel.Warning, "Closed the connection of session 0x{SessionId:x} from {Address}: a frame of {Length} bytes has no header.")]
    private partial void LogShortFrame(string address, long sessionId, int length);

    [LoggerMessage(LogLevel.Warning, "Closed the connection of session 0x{SessionId:x} from {Address}: it could not be authenticated.")]
    private partial void LogAuthFailed(string address, long sessionId);
}
