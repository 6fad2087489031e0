using OrleansKeeper.ClientSdk.Connections;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Tests.Unit.Client;

public sealed class SeenTransactionsTests
{
    private readonly SeenTransactions _seen = new();

    [Fact]
    public void RepliesAndLaterEventsSayWhatIsComplete()
    {
        _seen.SeeReply(5);
        Assert.Equal((5, 5), (_seen.Complete, _seen.Newest));
        Assert.True(See(8, "/a"));
        Assert.Equal((7, 8), (_seen.Complete, _seen.Newest));
        Assert.True(See(9, "/a"));
        Assert.Equal((8, 9), (_seen.Complete, _seen.Newest));
        _seen.SeeReply(9);
        _seen.SeeReply(3);
        Assert.Equal((9, 9), (_seen.Complete, _seen.Newest));
    }

    [Fact]
    public void EventsOfATransactionThatWasShownInPartAreShownOnce()
    {
        Assert.True(See(8, "/a"));
        Assert.True(See(8, "/b"));
        Assert.True(See(8, "/b"));
        _seen.BeginRepetition();
        Assert.False(See(8, "/a"));
        Assert.False(See(8, "/b"));

        // Lost again in the middle of the repetition.
        _seen.BeginRepetition();
        Assert.False(See(8, "/a"));
        Assert.False(See(8, "/b"));
        Assert.False(See(8, "/b"));
        Assert.True(See(8, "/b"));
        Assert.True(See(8, "/c"));
        Assert.True(See(9, "/a"));
    }

    [Fact]
    public void NothingIsTakenForARepetitionOnceItsTransactionIsComplete()
    {
        Assert.True(See(8, "/a"));
        _seen.SeeReply(8);
        _seen.BeginRepetition();
        Assert.True(See(9, "/a"));
    }

    private bool See(long zxid, string path) => _seen.SeeEvent(new WatchEvent(WatchEventType.NodeDataChanged, path, zxid));
}
