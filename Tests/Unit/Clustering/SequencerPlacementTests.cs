using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class SequencerPlacementTests
{
    private static readonly SiloAddress Holder = ScriptedSilos.Silo(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly KeeperOptions _options = new() { SequencerMovesAfter = 10_000 };
    private readonly ScriptedSilos _silos = new();
    private readonly UndecidedRequests _undecided = new();
    private readonly Replica _replica = new();
    private readonly List<(int Epoch, SiloAddress To)> _asked = [];
    private readonly SequencerPlacement _placement;
    private long _zxid;

    public SequencerPlacementTests()
    {
        _replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        _silos.HandoverReplies[Holder] = (epoch, to) =>
        {
            _asked.Add((epoch, to));
            return Task.FromResult(true);
        };
        _placement = new SequencerPlacement(
            _undecided, _replica, _silos, Options.Create(_options), _time, NullLogger<SequencerPlacement>.Instance);
    }

    [Fact]
    public void AsksWhenMostWritesCameHereForSoLong()
    {
        Pass(9.9, epoch: 1, own: 20, others: 10);
        Assert.Empty(_asked);

        Pass(0.3, epoch: 1, own: 20, others: 10);
        Assert.Equal([(1, _silos.Self)], _asked);
    }

    [Fact]
    public void AsksAgainWhenItWasRefusedAndTheWritesGoOn()
    {
        _silos.HandoverReplies[Holder] = (epoch, to) =>
        {
            _asked.Add((epoch, to));
            return _asked.Count == 1 ? Task.FromException<bool>(new TimeoutException()) : Task.FromResult(false);
        };
        Pass(31, epoch: 1, own: 20, others: 0);

        Assert.Equal(3, _asked.Count);
    }

    [Theory]
    [InlineData(19, 10)]
    [InlineData(9, 0)]
    [InlineData(0, 100)]
    [InlineData(0, 0)]
    public void DoesNotAskForASmallShareOrForFewWrites(int own, int others)
    {
        Pass(60, epoch: 1, own, others);

        Assert.Empty(_asked);
    }

    [Fact]
    public void DoesNotAskWhenTheWritesOfOneSpanCameFromElsewhere()
    {
        for (var i = 0; i < 5; i++)
        {
            Pass(5, epoch: 1, own: 20, others: 0);
            Pass(5, epoch: 1, own: 20, others: 40);
        }

        Assert.Empty(_asked);
    }

    [Fact]
    public void EveryEpochBeginsAnew()
    {
        for (var epoch = 1; epoch < 6; epoch++)
            Pass(9, epoch, own: 20, others: 0);

        Assert.Empty(_asked);
    }

    [Fact]
    public void NeverAsksWhenItIsToStay()
    {
        _options.SequencerMovesAfter = 0;
        Pass(60, epoch: 1, own: 20, others: 0);

        Assert.Empty(_asked);
    }

    /// <summary>Lets time pass, in looks, with so many writes to this silo and to the others between two.</summary>
    private void Pass(double seconds, int epoch, int own, int others)
    {
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(seconds); elapsed += Look)
        {
            for (var i = 0; i < own; i++)
                _undecided.Add(new PendingRequest(null!, 0, OpCode.Create, default));
            _zxid = Math.Max(_zxid, Zxid.Of(epoch, 0));
            for (var i = 0; i < own + others; i++)
                _replica.Apply(FeedFixture.FailedCreate(++_zxid, new RequestOrigin("another silo", _zxid)), new DeliveryRound());
            _placement.Look(epoch, Holder);
            _time.Advance(Look);
        }
    }
}
