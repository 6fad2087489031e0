using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// Keeps a client attached to a session: opens one, gives signs of life every third of its timeout, attaches again when the silo or the way to it is
/// gone, and opens another when the session has expired. The loop of a client.
/// </summary>
internal sealed partial class SessionKeeper : IDisposable
{
    private const int SignsOfLife = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly KeeperConnection _connection;
    private readonly IClusterClient _cluster;
    private readonly KeeperClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable? _clusterWatch;
    private volatile IReadOnlyList<Credential> _credentials;
    private OpenSession? _session;
    private volatile bool _isSuspected;
    private volatile bool _isDue;
    private volatile bool _isClosing;
    private Task _running = Task.CompletedTask;

    public SessionKeeper(
        KeeperConnection connection, IClusterClient cluster, KeeperClientOptions options, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _cluster = cluster;
        _options = options;
        _time = time;
        _logger = logger;
        _credentials = [.. options.Credentials.Select(credential => new Credential(credential.Scheme, credential.Secret.ToArray()))];
        _clusterWatch = ClusterWatch.Find(cluster)?.Subscribe(() => Wake(isSuspected: true));
    }

    /// <summary>Who the client proves to be whenever it attaches.</summary>
    public IReadOnlyList<Credential> Credentials => _credentials;

    public void Start() => _running = Task.Run(RunAsync);

    public async Task WaitUntilConnectedAsync(CancellationToken cancellationToken) =>
        await _connected.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

    public void Add(Credential credential)
    {
        lock (_connected)
            _credentials = [.. _credentials, credential];
    }

    /// <summary>A call failed: finds out whether the attachment is still there.</summary>
    public void Suspect(LiveAttachment attachment, Exception exception)
    {
        LogCallFailed(attachment.SessionId, exception);
        if (_connection.IsAttached(attachment))
            Wake(isSuspected: true);
    }

    /// <summary>The service says that the attachment is gone.</summary>
    public void Lost(LiveAttachment attachment)
    {
        if (!_connection.Detach(attachment))
            return;

        _connection.Status.Suspend();
        Wake(isSuspected: false);
    }

    /// <summary>Gives a sign of life, and says what the client has, before it is due.</summary>
    public void RenewSoon() => Wake(isSuspected: false, isDue: true);

    /// <summary>The client is being closed: it still comes back to its session, to close it, but opens no other one.</summary>
    public void BeginClosing() => _isClosing = true;

    public async Task StopAsync(bool unsubscribe)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _connected.TrySetException(new ClientClosedException(null));
        _ = _connected.Task.Exception;
        if (unsubscribe && _session is { } session)
            await session.Subscription.RemoveAsync(_options.CloseTimeout).ConfigureAwait(false);
        Dispose();
    }

    public void Dispose()
    {
        _clusterWatch?.Dispose();
        _stopping.Dispose();
        _wake.Dispose();
    }

    private void Wake(bool isSuspected, bool isDue = false)
    {
        _isSuspected |= isSuspected;
        _isDue |= isDue;
        lock (_connected)
        {
            if (!_stopping.IsCancellationRequested && _wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (await AttachAsync().ConfigureAwait(false) is { } attachment)
                {
                    pause = FirstPause;
                    await KeepAsync(attachment).ConfigureAwait(false);
                    continue;
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogNotAttached(exception);
            }

            await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Opens a session, or attaches to the one that there is; null when that is to be tried again.</summary>
    private async Task<LiveAttachment?> AttachAsync()
    {
        if (_session is null && _isClosing)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            return null;
        }

        var sentAt = _time.GetTimestamp();
        var reply = _session is { } open ? await ReattachAsync(open).ConfigureAwait(false) : await OpenAsync().ConfigureAwait(false);
        switch (reply.Outcome)
        {
            case AttachOutcome.Attached:
                return await BeginAsync(reply, sentAt).ConfigureAwait(false);
            case AttachOutcome.Expired when _isClosing:
                // It was closed, and the reply was lost on the way.
                _connection.FailRequestsOfExpiredSession();
                await _stopping.CancelAsync().ConfigureAwait(false);
                return null;
            case AttachOutcome.Expired:
                await ExpireAsync().ConfigureAwait(false);
                return null;
            case AttachOutcome.AuthFailed:
                LogCredentialsRefused();
                _connected.TrySetException(new AuthFailedException());
                return null;
            case AttachOutcome.TooManyWatches:
                LogTooManyWatches();
                return null;
            default:
                return null;
        }
    }

    private async Task<AttachReply> OpenAsync()
    {
        // One that was opened by a call that is lost is nobody's, and expires.
        var opener = _cluster.GetGrain<ISessionOpenerGrain>(0);
        var opened = await AnswerAsync(() => opener.Open(_connection.ToAttach([]))).ConfigureAwait(false);
        if (opened.Attached.Outcome == AttachOutcome.Attached)
        {
            var grain = _cluster.GetGrain<ISessionGrain>(SessionGrainKey.Of(opened.SessionId));
            _session = new OpenSession(
                opened.SessionId, opened.Password, grain, new EventSubscription(_cluster, opened.SessionId, _connection.Streamed));
        }

        return opened.Attached;
    }

    private Task<AttachReply> ReattachAsync(OpenSession open) => AnswerAsync(() => open.Grain.Attach(_connection.ToAttach(open.Password)));

    /// <summary>
    /// Calls the service. A silo that goes takes the call with it, and Orleans says only that a gateway is gone: whoever waited for the call's
    /// timeout would lose the session, or have none for as long.
    /// </summary>
    private async Task<T> AnswerAsync<T>(Func<Task<T>> call)
    {
        _isSuspected = false;
        var answer = call().WaitAsync(_options.RequestTimeout, _time, _stopping.Token);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var suspected = UntilSuspectedAsync(answered.Token);
        await Task.WhenAny(answer, suspected).ConfigureAwait(false);
        await answered.CancelAsync().ConfigureAwait(false);
        await suspected.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompleted)
            return await answer.ConfigureAwait(false);

        answer.Ignore();
        throw new IOException("A gateway is gone, and maybe the call with it.");
    }

    private async Task UntilSuspectedAsync(CancellationToken cancellationToken)
    {
        while (!_isSuspected)
            await _wake.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<LiveAttachment> BeginAsync(AttachReply reply, long sentAt)
    {
        var open = _session!;
        await open.Subscription.EnsureAsync().WaitAsync(_options.RequestTimeout, _time, _stopping.Token).ConfigureAwait(false);
        var timeout = TimeSpan.FromMilliseconds(reply.TimeoutMilliseconds);
        var attachment = new LiveAttachment(reply.Attachment, open.SessionId, open.Grain, timeout, reply.Window, reply.MaxRequestBytes);
        _connection.Status.Connected(open.SessionId, timeout, sentAt);
        _connection.Attached(attachment, reply);
        _connected.TrySetResult();
        LogAttached(open.SessionId, reply.TimeoutMilliseconds);

        // Events that came before the subscription was there are asked for.
        _isDue = true;
        return attachment;
    }

    private async Task ExpireAsync()
    {
        var expired = _session!;
        LogExpired(expired.SessionId);
        _session = null;
        _connection.FailRequestsOfExpiredSession();
        _connection.Status.Expire();
        await expired.Subscription.RemoveAsync(_options.CloseTimeout).ConfigureAwait(false);
    }

    /// <summary>Gives signs of life until the attachment is gone.</summary>
    private async Task KeepAsync(LiveAttachment attachment)
    {
        var third = attachment.Timeout / SignsOfLife;
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested && _connection.IsAttached(attachment))
        {
            var rest = third - _connection.Status.SinceHeard;
            if (rest > TimeSpan.Zero && !_isDue && !_isSuspected)
            {
                await _wake.WaitAsync(rest, _stopping.Token).ConfigureAwait(false);
                continue;
            }

            if (await TryRenewAsync(attachment, third).ConfigureAwait(false))
            {
                pause = FirstPause;
                continue;
            }

            _connection.Status.Suspend();
            await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(false);
            pause = pause * 2 < third ? pause * 2 : third;
        }
    }

    /// <summary>Gives a sign of life; false when it was not heard.</summary>
    private async Task<bool> TryRenewAsync(LiveAttachment attachment, TimeSpan patience)
    {
        _isDue = false;
        var wasSuspected = _isSuspected;
        _isSuspected = false;
        var sentAt = _time.GetTimestamp();
        try
        {
            var reply = await attachment.Session.Renew(_connection.ToRenew(attachment))
                .WaitAsync(patience, _time, _stopping.Token).ConfigureAwait(false);
            if (reply.IsGone)
            {
                Lost(attachment);
                return true;
            }

            _connection.Status.Connected(attachment.SessionId, attachment.Timeout, sentAt);
            _connection.Renewed(attachment, reply);
            if (wasSuspected)
                _connection.Resend(attachment);
            return true;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _isSuspected = true;
            LogNotRenewed(attachment.SessionId, exception.Message);
            return false;
        }
    }

    private sealed record OpenSession(long SessionId, byte[] Password, ISessionGrain Grain, EventSubscription Subscription);

    [LoggerMessage(LogLevel.Information, "Attached to session 0x{SessionId:x} with a timeout of {Milliseconds} ms.")]
    private partial void LogAttached(long sessionId, int milliseconds);

    [LoggerMessage(LogLevel.Warning, "Session 0x{SessionId:x} has expired.")]
    private partial void LogExpired(long sessionId);

    [LoggerMessage(LogLevel.Error, "The service does not accept the client's credentials.")]
    private partial void LogCredentialsRefused();

    [LoggerMessage(LogLevel.Error, "The service keeps no more watches, so this client cannot set its own again.")]
    private partial void LogTooManyWatches();

    [LoggerMessage(LogLevel.Information, "No session could be attached to; it is tried again.")]
    private partial void LogNotAttached(Exception exception);

    [LoggerMessage(LogLevel.Information, "The silo of session 0x{SessionId:x} does not answer: {Reason}")]
    private partial void LogNotRenewed(long sessionId, string reason);

    [LoggerMessage(LogLevel.Debug, "A call of session 0x{SessionId:x} failed.")]
    private partial void LogCallFailed(long sessionId, Exception exception);
}
