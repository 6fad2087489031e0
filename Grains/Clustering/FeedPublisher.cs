using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// The sending side of the commit feed, on the sequencer's silo: what the appender made durable goes to this silo's replica and, by one
/// <see cref="FeedSender"/> each, to the other silos. Without others it costs nothing.
/// </summary>
internal sealed class FeedPublisher(CommitFeed feed, ISilos silos, Replica replica, TimeProvider time, ILogger<FeedPublisher> logger)
    : IDecisionSink
{
    private const long MostBacklogBytes = 32L * 1024 * 1024;
    private const int MostBytesInMessage = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly FeedBacklog _backlog = new(MostBacklogBytes);
    private readonly Dictionary<SiloAddress, FeedSender> _senders = [];
    private EpochBeginning? _epoch;

    /// <summary>Called when a silo answers that it knows a later epoch than the one that is published.</summary>
    public Action<int>? EpochSeen { get; set; }

    /// <summary>The zxid that the slowest of the silos has that answered within the given time; none when there is none.</summary>
    public long? SlowestZxid(TimeSpan heardWithin)
    {
        lock (_lock)
        {
            long? slowest = null;
            foreach (var sender in _senders.Values)
            {
                if (sender.LastZxid is { } zxid && sender.Silence < heardWithin && !(zxid >= slowest))
                    slowest = zxid;
            }

            return slowest;
        }
    }

    /// <summary>Number of other silos that took the feed within the given time.</summary>
    public int CountFollowing(TimeSpan heardWithin)
    {
        lock (_lock)
            return _senders.Values.Count(sender => sender.LastZxid is not null && sender.Silence < heardWithin);
    }

    /// <summary>By how many transactions a silo that takes the feed is behind; null for one that does not.</summary>
    public long? LagOf(SiloAddress silo)
    {
        lock (_lock)
            return _senders.TryGetValue(silo, out var sender) ? feed.LastZxid - sender.LastZxid : null;
    }

    /// <summary>The other silos, those first that are nearest to the log's end.</summary>
    public IReadOnlyList<SiloAddress> MostAdvancedFirst()
    {
        lock (_lock)
            return [.. _senders.OrderByDescending(sender => sender.Value.LastZxid ?? 0).Select(sender => sender.Key)];
    }

    /// <summary>Begins to publish an epoch of this silo.</summary>
    public void Begin(EpochBeginning epoch)
    {
        lock (_lock)
        {
            EndSenders();
            _epoch = epoch;
            _backlog.Begin(epoch.BaseZxid);
            foreach (var silo in silos.Others)
                AddSender(silo);
        }
    }

    /// <summary>The next epoch of the same holder begins: the counter of the one before is used up.</summary>
    public void GoOnWith(EpochBeginning epoch)
    {
        lock (_lock)
        {
            if (_epoch is not null)
                _epoch = epoch;
        }
    }

    /// <summary>This silo is not the sequencer's any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _epoch = null;
            EndSenders();
        }
    }

    /// <summary>Sends to these silos from now on, and to no others.</summary>
    public void SetFollowers(IReadOnlyList<SiloAddress> followers)
    {
        lock (_lock)
        {
            if (_epoch is null)
                return;

            foreach (var (silo, sender) in _senders)
            {
                if (followers.Contains(silo))
                    continue;

                sender.End();
                _senders.Remove(silo);
            }

            foreach (var silo in followers)
                AddSender(silo);
        }
    }

    public void Committed(OrderedBatch batch, bool hasTime)
    {
        lock (_lock)
        {
            if (_senders.Count == 0)
            {
                _backlog.Begin(batch.LastZxid);
            }
            else
            {
                _backlog.Add(new FeedBatch(batch.PreviousZxid, batch.LastZxid, batch.Payload.ToArray()));
                foreach (var sender in _senders.Values)
                    sender.Signal();
            }
        }

        feed.Committed(batch, hasTime);
    }

    public void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error)
    {
        lock (_lock)
        {
            if (_senders.Count > 0)
            {
                var rejections = requests.Select(origin => new FeedRejection(origin.Submitter, origin.Number, error)).ToArray();
                foreach (var sender in _senders.Values)
                {
                    sender.Add(rejections);
                    sender.Signal();
                }
            }
        }

        feed.Rejected(requests, error);
    }

    /// <summary>What a silo is to be told next; null when nothing more, because this silo is not the sequencer's any more.</summary>
    public FeedMessage? Compose(FeedSender sender)
    {
        lock (_lock)
        {
            if (_epoch is null)
                return null;

            var batches = new List<FeedBatch>();

            // Before it has said how far it is, it is told nothing but the epoch.
            var isIncomplete = sender.LastZxid is { } zxid && !_backlog.TryCopyAfter(zxid, MostBytesInMessage, batches);
            return new FeedMessage(_epoch, batches, sender.CopyRejections(), isIncomplete, replica.Mark);
        }
    }

    /// <summary>Whether there is something that a silo has not got.</summary>
    public bool HasNews(FeedSender sender)
    {
        lock (_lock)
            return sender.HasRejections || (sender.LastZxid is { } zxid && _backlog.CanFollow(zxid));
    }

    /// <summary>A silo has answered.</summary>
    public void Acknowledge(FeedSender sender, FeedMessage message, FeedReply reply)
    {
        lock (_lock)
            sender.Note(message, reply);
    }

    private void AddSender(SiloAddress silo)
    {
        if (_senders.ContainsKey(silo))
            return;

        var sender = new FeedSender(silo, this, silos, time, logger);
        _senders.Add(silo, sender);
        sender.Start();
    }

    private void EndSenders()
    {
        foreach (var sender in _senders.Values)
            sender.End();
        _senders.Clear();
    }
}
