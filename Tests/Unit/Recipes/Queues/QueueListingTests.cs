using Microsoft.Extensions.Time.Testing;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Queues;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Recipes.Queues;

/// <summary>What a queue object knows of the queue's items.</summary>
public sealed class QueueListingTests
{
    private static readonly QueuePaths Paths = new("/queue");

    [Fact]
    public void NoItemIsForgottenWhateverTheOrderOfEventsAndAnswers()
    {
        var (taken, lost) = (0, 0);
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var queue = new ModelQueue();
            var consumers = Enumerable.Range(0, 3).Select(_ => new SimulatedConsumer(queue, random)).ToList();
            for (var step = 0; step < 300; step++)
            {
                if (random.Next(12) == 0)
                    queue.Put(random.Next(3));
                consumers[random.Next(consumers.Count)].Step();
            }

            while (consumers.Any(consumer => consumer.Settle()))
            {
            }

            taken += consumers.Sum(consumer => consumer.Taken);
            lost += consumers.Sum(consumer => consumer.Lost);
            foreach (var consumer in consumers)
                Assert.Equal(queue.Available.Order(StringComparer.Ordinal), consumer.TakeAllThatAreListed().Order(StringComparer.Ordinal));
        }

        // Without collisions it would prove nothing.
        Assert.InRange(taken, 10_000, int.MaxValue);
        Assert.InRange(lost, 1000, int.MaxValue);
    }

    [Fact]
    public async Task ItemsAreHandedOutByRankAndThenByCounter()
    {
        using var listing = new QueueListing(Paths, rankIsDueTime: false, TimeProvider.System);
        listing.Load(["entry-100-0000000001", "entry-005-0000000002", "entry-100-0000000000", "not-an-item"], NoLocks());

        var names = new List<string>();
        for (var i = 0; i < 3; i++)
            names.Add((await listing.ReserveAsync(default)).Name.Text);

        Assert.Equal(["entry-005-0000000002", "entry-100-0000000000", "entry-100-0000000001"], names);
    }

    [Fact]
    public async Task WhoWaitedBeforeTheItemsWereListedGetsTheFirst()
    {
        using var listing = new QueueListing(Paths, rankIsDueTime: false, TimeProvider.System);
        var waiting = listing.ReserveAsync(default);

        listing.Load(["entry-100-0000000002", "entry-100-0000000001", "entry-100-0000000003"], NoLocks());

        Assert.Equal("entry-100-0000000001", (await waiting).Name.Text);
    }

    [Fact]
    public async Task ItemIsHandedOutWhenItsTimeHasComeAndNotBefore()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        using var listing = new QueueListing(Paths, rankIsDueTime: true, time);
        var due = time.GetUtcNow().AddDays(3).ToUnixTimeMilliseconds();
        listing.Load([ItemName.WithoutCounter(due) + "0000000000"], NoLocks());

        var waiting = listing.ReserveAsync(default);
        time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(due, (await waiting).Name.Rank);
    }

    [Fact]
    public async Task CancelledWaiterIsPassedOver()
    {
        using var listing = new QueueListing(Paths, rankIsDueTime: false, TimeProvider.System);
        using var cancellation = new CancellationTokenSource();
        var cancelled = listing.ReserveAsync(cancellation.Token);
        var patient = listing.ReserveAsync(default);

        await cancellation.CancelAsync();
        listing.Load(["entry-100-0000000000"], NoLocks());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal("entry-100-0000000000", (await patient).Name.Text);
    }

    private static ZNodeChildren NoLocks() => new([], default(Stat));
}
