using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>Opens sessions and attaches connections to them.</summary>
internal sealed class SessionFactory(
    Replica replica,
    SubmitQueue submitQueue,
    UndecidedRequests undecided,
    SessionReads reads,
    ClientSessionTable table,
    ZNodeLoader loader,
    LedgerSync sync,
    IGrainFactory grains,
    IOptions<KeeperOptions> options,
    TimeProvider time)
{
    /// <summary>The timeout that a client gets which asks for this one, in milliseconds.</summary>
    public int Negotiate(int requested) =>
        Math.Clamp(requested, options.Value.EffectiveMinSessionTimeout, options.Value.EffectiveMaxSessionTimeout);

    /// <summary>Opens a session; it is in the log when this returns.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public async Task<(long SessionId, byte[] Password)> OpenAsync(int timeoutMilliseconds)
    {
        var password = RandomNumberGenerator.GetBytes(WireLimits.PasswordLength);
        while (true)
        {
            var sessionId = NewSessionId();
            if (sessionId == 0 || replica.FindSession(sessionId) is not null)
                continue;

            var opening = new SessionOpening(SHA256.HashData(password), timeoutMilliseconds);
            await SessionlessRequest.Submit(submitQueue, OpCode.CreateSession, SessionOpeningCodec.Write(opening), sessionId)
                .Transaction.ConfigureAwait(false);
            return (sessionId, password);
        }
    }

    /// <summary>
    /// Whether a client may attach to a session: it is open and this is its password. As in ZooKeeper, the connection that carries the
    /// session now is closed first, whatever the password. If another silo carried the session, a transaction says that this one does from now
    /// on: what the client asked for there is seen when this returns, or never happens (rule R5), and the connection there is closed.
    /// </summary>
    /// <exception cref="IOException">
    /// The ledger cannot be asked whether a session that is not known here was opened by another silo, or the log cannot be written.
    /// </exception>
    public async ValueTask<bool> MayAttachAsync(long sessionId, byte[]? password)
    {
        table.CloseConnectionOf(sessionId);
        if (replica.FindSession(sessionId) is null)
            await sync.WaitAsync().ConfigureAwait(false);
        return replica.FindSession(sessionId) is { } session
            && session.HasPassword(password)
            && (session.Owner == undecided.Submitter || await TakeOverAsync(sessionId).ConfigureAwait(false));
    }

    /// <summary>Makes a connection carry an open session.</summary>
    public ClientSession Attach(
        long sessionId, int timeoutMilliseconds, string clientAddress, ISessionOutput output, bool hasEventStream = false)
    {
        var session = new ClientSession(sessionId, timeoutMilliseconds, clientAddress, output, reads, submitQueue, loader, sync, time);
        table.Attach(session);

        // Another silo may have taken the session over before there was a connection here to be closed.
        if (replica.FindSession(sessionId)?.Owner != undecided.Submitter)
            table.Detach(session);
        var descriptor = new SessionDescriptor
        {
            TimeoutMilliseconds = timeoutMilliseconds,
            ClientAddress = clientAddress,
            AttachedAt = time.GetUtcNow(),
            HasEventStream = hasEventStream,
        };
        grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(sessionId)).Track(descriptor).Ignore();
        return session;
    }

    private async Task<bool> TakeOverAsync(long sessionId)
    {
        var attach = SessionlessRequest.Submit(submitQueue, OpCode.AttachSession, [], sessionId);
        return (await attach.Transaction.ConfigureAwait(false)).Error == ErrorCode.Ok;
    }

    /// <summary>Positive, as all clients expect, and not to be guessed.</summary>
    private static long NewSessionId() => BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
}
