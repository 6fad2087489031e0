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
    SessionOwnership ownership,
    SessionReads reads,
    ClientSessionTable table,
    ZNodeLoader loader,
    DescendantCounter counter,
    LedgerSync sync,
    IGrainFactory grains,
    IOptions<KeeperOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(5);

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
    /// session now is closed first, whatever the password, and what was asked for on it takes effect before anything that is asked for from
    /// now on, reads included (rule R5): a write that was not answered is seen when this returns, or never happens. From then on this silo
    /// owns the session (<see cref="SessionOwnership"/>).
    /// </summary>
    /// <exception cref="IOException">
    /// The session's earlier writes are still not decided, the ledger cannot be asked whether a session that is not known here was opened by
    /// another silo, or this silo cannot become the session's owner.
    /// </exception>
    public async ValueTask<bool> MayAttachAsync(long sessionId, byte[]? password)
    {
        table.CloseConnectionOf(sessionId);
        await WaitUntilSettledAsync(sessionId).ConfigureAwait(false);
        if (replica.FindSession(sessionId) is null)
            await sync.WaitAsync().ConfigureAwait(false);
        return replica.FindSession(sessionId) is { } session
            && session.HasPassword(password)
            && await ownership.TryTakeAsync(session, PatienceOf(session)).ConfigureAwait(false);
    }

    /// <summary>Makes a connection carry an open session.</summary>
    public ClientSession Attach(
        long sessionId, int timeoutMilliseconds, string clientAddress, ISessionOutput output, bool hasEventStream = false)
    {
        var session = new ClientSession(sessionId, timeoutMilliseconds, clientAddress, output, reads, submitQueue, loader, counter, sync, time);
        table.Attach(session);

        // Another silo may have taken the session over before there was a connection here to be closed.
        if (!ownership.IsHere(sessionId))
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

    private async ValueTask WaitUntilSettledAsync(long sessionId)
    {
        var settled = table.WaitUntilSettledAsync(sessionId);
        if (settled.IsCompleted)
            return;

        var patience = PatienceOf(replica.FindSession(sessionId));
        try
        {
            await settled.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IOException($"Writes of session 0x{sessionId:x} are not decided after {patience.TotalSeconds} s.");
        }
    }

    /// <summary>A client that waits gives no sign of life: before its session expires, it is to try again.</summary>
    private static TimeSpan PatienceOf(SessionRecord? session)
    {
        var third = TimeSpan.FromMilliseconds((session?.TimeoutMilliseconds ?? 0) / 3.0);
        return third < LongestPatience ? third : LongestPatience;
    }

    /// <summary>Positive, as all clients expect, and not to be guessed.</summary>
    private static long NewSessionId() => BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
}
