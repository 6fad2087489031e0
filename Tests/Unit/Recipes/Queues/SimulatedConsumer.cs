using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Queues;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Recipes.Queues;

/// <summary>A consumer with a real listing whose events, attempts and answers come in small steps, in an order that a seed decides.</summary>
internal sealed class SimulatedConsumer(ModelQueue queue, Random random)
{
    private readonly QueueListing _listing = new(new QueuePaths("/queue"), rankIsDueTime: false, TimeProvider.System);
    private readonly Queue<WatchEvent> _events = queue.Watch();
    private readonly List<Attempt> _attempts = [];
    private readonly List<(ListedItem Item, long Token)> _held = [];

    public int Lost { get; private set; }

    public int Taken { get; private set; }

    public void Step()
    {
        switch (random.Next(10))
        {
            case < 4:
                HearEvent();
                break;
            case < 6:
                Begin();
                break;
            case 6:
                if (_attempts.Find(attempt => !attempt.IsAnswered) is { } sent)
                    Answer(sent);
                break;
            case 7:
                if (_attempts.Find(attempt => attempt.IsAnswered) is { } answered)
                    Handle(answered);
                break;
            case 8:
                FinishOne();
                break;
            default:
                if (random.Next(10) == 0)
                    Reload();
                break;
        }
    }

    /// <summary>Hears all events, handles all answers, and returns what it has.</summary>
    /// <returns>Whether there was something.</returns>
    public bool Settle()
    {
        var any = false;
        while (_attempts.Count > 0)
        {
            any = true;
            if (!_attempts[0].IsAnswered)
                Answer(_attempts[0]);
            Handle(_attempts[0]);
        }

        while (_held.Count > 0)
        {
            any = true;
            FinishOne();
        }

        while (HearEvent())
            any = true;
        return any;
    }

    /// <summary>All items that the listing would hand out, in its order.</summary>
    public List<string> TakeAllThatAreListed()
    {
        var names = new List<string>();
        while (TryReserve() is { } item)
            names.Add(item.Name.Text);
        return names;
    }

    private bool HearEvent()
    {
        if (!_events.TryDequeue(out var watchEvent))
            return false;
        _listing.Apply(watchEvent);
        return true;
    }

    private void Begin()
    {
        if (TryReserve() is { } item)
            _attempts.Add(new Attempt(item, _listing.EventsAbout(item)));
    }

    private ListedItem? TryReserve()
    {
        using var impatience = new CancellationTokenSource();
        var reserving = _listing.ReserveAsync(impatience.Token);
        impatience.Cancel();
        return reserving.IsCompletedSuccessfully ? reserving.Result : null;
    }

    private void Answer(Attempt attempt)
    {
        attempt.IsAnswered = true;
        attempt.Token = queue.TryLock(attempt.Item.Name.Text);
    }

    private void Handle(Attempt attempt)
    {
        _attempts.Remove(attempt);
        if (attempt.Token is { } token)
        {
            Taken++;
            _held.Add((attempt.Item, token));
        }
        else
        {
            Lost++;
            _listing.Lose(attempt.Item, attempt.EventsBefore);
        }
    }

    private void FinishOne()
    {
        if (_held.Count == 0)
            return;
        var (item, token) = _held[^1];
        _held.RemoveAt(_held.Count - 1);
        if (random.Next(2) == 0)
        {
            queue.Return(item.Name.Text, token);
            _listing.Return(item, token);
        }
        else
        {
            Assert.True(queue.TryComplete(item.Name.Text, token));
        }
    }

    // Also when no events were missed: the events from before come after it.
    private void Reload() => _listing.Load(
        [.. queue.Entries], new ZNodeChildren([.. queue.Locks.Keys], new Stat { Pzxid = queue.LockListZxid }));

    private sealed record Attempt(ListedItem Item, int EventsBefore)
    {
        public bool IsAnswered { get; set; }

        public long? Token { get; set; }
    }
}
