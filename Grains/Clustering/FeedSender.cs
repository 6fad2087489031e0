using Microsoft.Extensions.Logging;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// Keeps one other silo up to date, with one awaited message in flight: each has everything since the last one. Without news it sends
/// empty messages at a steady pace, which keep the receiver's lease. A silo that does not answer delays nobody else.
/// </summary>
internal sealed partial class FeedSender(SiloAddress silo, FeedPublisher publisher, ISilos silos, TimeProvider time, ILogger logger)
{
    private const int MostRejections = 100_000;

    /// <summary>How often a silo hears of the sequencer's at least.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);

    private readonly NewsSignal _news = new();
    private readonly List<FeedRejection> _rejections = [];
    private volatile bool _isEnded;
    private bool _isFailing;
    private long _answeredAt;

    /// <summary>The last transaction that the silo has; null before it has said so.</summary>
    public long? LastZxid { get; private set; }

    /// <summary>Since when it has not answered; it counts as having answered when this began.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _answeredAt));

    public void Start()
    {
        _answeredAt = time.GetTimestamp();
        _ = Task.Run(RunAsync);
    }

    /// <summary>There is something to send.</summary>
    public void Signal() => _news.Set();

    /// <summary>Sends what was rejected with the next message, and again until it is received. Under the publisher's lock.</summary>
    public void Add(IEnumerable<FeedRejection> rejections)
    {
        if (_rejections.Count < MostRejections)
            _rejections.AddRange(rejections);
    }

    /// <summary>Whether there are rejections that were not received yet. Under the publisher's lock.</summary>
    public bool HasRejections => _rejections.Count > 0;

    /// <summary>These rejections, as they are now. Under the publisher's lock.</summary>
    public IReadOnlyList<FeedRejection> CopyRejections() => HasRejections ? [.. _rejections] : [];

    /// <summary>Notes what the silo has. Under the publisher's lock.</summary>
    public void Note(FeedMessage message, FeedReply reply)
    {
        LastZxid = reply.IsFollowing ? reply.LastZxid : null;
        if (reply.IsFollowing)
            _rejections.RemoveRange(0, message.Rejections.Count);
    }

    public void End()
    {
        _isEnded = true;
        Signal();
    }

    private async Task RunAsync()
    {
        while (!_isEnded)
        {
            var message = publisher.Compose(this);
            if (message is null)
                return;

            try
            {
                var reply = await silos.FollowAsync(silo, message).ConfigureAwait(false);
                Acknowledge(message, reply);
            }
            catch (Exception exception)
            {
                if (!_isFailing)
                    LogFailing(silo, exception.Message);
                _isFailing = true;
                await Task.Delay(PauseAfterFailure, time).ConfigureAwait(false);
                continue;
            }

            if (!publisher.HasNews(this))
                await _news.WaitAsync(Pace).ConfigureAwait(false);
        }
    }

    private void Acknowledge(FeedMessage message, FeedReply reply)
    {
        Volatile.Write(ref _answeredAt, time.GetTimestamp());
        if (_isFailing)
            LogFollowing(silo);
        _isFailing = false;
        publisher.Acknowledge(this, message, reply);
        if (reply.Epoch > message.Epoch.Epoch)
            publisher.EpochSeen?.Invoke(reply.Epoch);
    }

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} does not take the commit feed: {Reason}")]
    private partial void LogFailing(SiloAddress silo, string reason);

    [LoggerMessage(LogLevel.Information, "Silo {Silo} takes the commit feed again.")]
    private partial void LogFollowing(SiloAddress silo);
}
