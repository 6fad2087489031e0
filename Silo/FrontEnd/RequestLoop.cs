using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
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
    SessionAuthentication authentication,
    ServerStatistics statistics,
    LiveConnections connections,
    TimeProvider time,
    IOptions<KeeperOptions> options,
    ILogger<RequestLoop> logger)
{
    private static readonly TimeSpan LongestWaitForAnswers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWhenOverloaded = TimeSpan.FromMilliseconds(1);

    private readonly int _maxRequestBytes = options.Value.MaxRequestBytes;
    private readonly int _maxOutstanding = options.Value.MaxOutstandingRequests;
    private readonly int _maxOutstandingPerConnection = options.Value.MaxOutstandingRequestsPerConnection;

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
                    await Task.WhenAny(session.WaitForRoomAsync(below: 1), Task.Delay(LongestWaitForAnswers, time)).ConfigureAwait(false);
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
            do
            {
                processed += ProcessFirstSegment(session, output, ref buffer, out progress);
            }
            while (progress == Progress.NeedsInput && TryProcessAcrossSegments(session, output, ref buffer, ref processed, out progress));

            output.Flush();
            if (session.PendingCount == 0)
                session.Counters.Latency.Add(session.ElapsedSinceHeard, processed);
        }

        // Not under the lock: see there.
        submitQueue.Submit();
        statistics.CountReceived(processed);
        return progress;
    }

    /// <summary>Processes the frames that are whole in the buffer's first segment: nearly all, and at no cost but their own.</summary>
    private int ProcessFirstSegment(ClientSession session, ConnectionOutput output, ref ReadOnlySequence<byte> buffer, out Progress progress)
    {
        var segment = buffer.FirstSpan;
        var processed = 0;
        var consumed = 0;
        progress = Progress.NeedsInput;
        while (segment.Length - consumed >= Frames.LengthPrefixBytes)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(segment[consumed..]);
            if (!IsAcceptable(session, length))
            {
                progress = Progress.Ended;
                break;
            }

            var start = consumed + Frames.LengthPrefixBytes;
            if (segment.Length - start < length)
                break;

            progress = Process(session, output, segment.Slice(start, length));
            if (progress is Progress.Unsettled or Progress.Overloaded)
                break;

            consumed = start + length;
            processed++;
            if (progress == Progress.Ended)
                break;
        }

        buffer = buffer.Slice(consumed);
        return processed;
    }

    /// <summary>Processes the next frame if it has arrived but lies in several segments; false when there is no such frame.</summary>
    private bool TryProcessAcrossSegments(
        ClientSession session, ConnectionOutput output, ref ReadOnlySequence<byte> buffer, ref int processed, out Progress progress)
    {
        progress = Progress.NeedsInput;
        if (!FrameLength.TryRead(buffer, out var length))
            return false;

        if (!IsAcceptable(session, length))
        {
            progress = Progress.Ended;
            return false;
        }

        if (buffer.Length - Frames.LengthPrefixBytes < length)
            return false;

        var frame = buffer.Slice(Frames.LengthPrefixBytes, length);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            frame.CopyTo(copy);
            progress = Process(session, output, copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        if (progress is Progress.Unsettled or Progress.Overloaded)
            return false;

        buffer = buffer.Slice(frame.End);
        processed++;
        return true;
    }

    private bool IsAcceptable(ClientSession session, int length)
    {
        if (length >= 0 && length <= _maxRequestBytes)
            return true;

        LogBadLength(session.ClientAddress, session.SessionId, length, _maxRequestBytes);
        return false;
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
        if (operation == OpCode.Auth && !authentication.TryAuthenticate(session, body))
        {
            LogAuthFailed(session.ClientAddress, session.SessionId);
            ReplyWriter.WriteHeader(output, xid, 0, ErrorCode.AuthFailed);
            return Progress.Ended;
        }

        return session.TryProcess(operation, xid, body) ? Progress.NeedsInput : Progress.Unsettled;
    }

    private bool IsOverloaded(ClientSession session, ConnectionOutput output)
    {
        if (session.PendingCount >= _maxOutstandingPerConnection)
            return true;
        if (session.PendingCount > 0 && undecided.Count >= _maxOutstanding)
            return true;
        if (!output.WantsFlush)
            return false;

        output.Flush();
        return output.IsFull;
    }

    private async Task WaitForRoomAsync(ClientSession session, ConnectionOutput output)
    {
        await output.WaitForRoomAsync().ConfigureAwait(false);
        await session.WaitForRoomAsync(_maxOutstandingPerConnection).ConfigureAwait(false);
        if (undecided.Count >= _maxOutstanding)
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
