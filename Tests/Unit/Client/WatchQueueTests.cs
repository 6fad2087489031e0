using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Tests.Unit.Client;

public sealed class WatchQueueTests
{
    private readonly WatchQueue _queue = new(capacity: 2);

    [Fact]
    public async Task WhatDoesNotFitIsOneMissedEventInItsPlace()
    {
        Add(1, 2, 3, 4);
        Assert.Equal([(WatchEventType.NodeCreated, 1), (WatchEventType.NodeCreated, 2), (WatchEventType.Missed, 4)], await TakeAsync(3));
        Add(5, 6);
        Assert.Equal([(WatchEventType.NodeCreated, 5), (WatchEventType.NodeCreated, 6)], await TakeAsync(2));
    }

    [Fact]
    public async Task NothingComesBehindAGapUntilTheReaderKnowsOfIt()
    {
        Add(1, 2, 3);
        Assert.Equal([(WatchEventType.NodeCreated, 1)], await TakeAsync(1));
        Add(4);
        Assert.Equal([(WatchEventType.NodeCreated, 2), (WatchEventType.Missed, 4)], await TakeAsync(2));
    }

    [Fact]
    public async Task WhatIsThereCanBeTakenWhenNoMoreComes()
    {
        Add(1, 2, 3);
        _queue.Complete();
        Assert.Equal([(WatchEventType.NodeCreated, 1), (WatchEventType.NodeCreated, 2), (WatchEventType.Missed, 3)], await TakeAsync(3));
        Assert.Null(await _queue.TakeAsync("/w", default));
    }

    private void Add(params long[] zxids)
    {
        foreach (var zxid in zxids)
            _queue.Add(new WatchEvent(WatchEventType.NodeCreated, "/a", zxid));
    }

    private async Task<List<(WatchEventType, long)>> TakeAsync(int count)
    {
        var taken = new List<(WatchEventType, long)>();
        while (taken.Count < count)
        {
            var watchEvent = (await _queue.TakeAsync("/w", default).AsTask().WaitAsync(TimeSpan.FromSeconds(10)))!.Value;
            Assert.Equal(watchEvent.Type == WatchEventType.Missed ? "/w" : "/a", watchEvent.Path);
            taken.Add((watchEvent.Type, watchEvent.Zxid));
        }

        return taken;
    }
}
