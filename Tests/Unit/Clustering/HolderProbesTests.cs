using Microsoft.Extensions.Time.Testing;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class HolderProbesTests : IDisposable
{
    private static readonly SiloAddress Holder = ScriptedSilos.Silo(2);
    private static readonly SiloAddress Other = ScriptedSilos.Silo(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSilos _silos = new() { Members = { Holder, Other } };
    private readonly FeedFixture _feed;
    private readonly HolderProbes _probes;

    public HolderProbesTests()
    {
        _feed = new FeedFixture(_time);
        _probes = new HolderProbes(_feed.Receiver, _silos, _time);
    }

    public void Dispose()
    {
        _probes.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public void HolderThatIsGoneIsRefusedTwice()
    {
        _probes.Probe(1, Holder);
        Assert.False(_probes.IsRefused);

        _probes.Probe(1, Holder);
        Assert.True(_probes.IsRefused);

        _probes.Forget();
        Assert.False(_probes.IsRefused);
    }

    [Fact]
    public async Task HolderThatAnswersIsNotSilent()
    {
        Answer(Holder, new ProbeReply(true, 1, TimeSpan.Zero));
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(10); elapsed += Look)
        {
            _time.Advance(Look);
            _probes.Probe(1, Holder);
            Assert.False(_probes.IsRefused || _probes.HasLostTrack || await _probes.IsSilentToAllAsync());
        }
    }

    [Fact]
    public void HolderThatDeniesItIsNone()
    {
        Answer(Holder, new ProbeReply(false, 1, TimeSpan.Zero));
        _probes.Probe(1, Holder);

        Assert.True(_probes.HasLostTrack);
        Assert.Equal(1, _probes.DeniedEpoch);
    }

    [Fact]
    public async Task SilenceCountsWhenNobodyElseHearsTheHolder()
    {
        Hang();
        Answer(Other, new ProbeReply(false, 1, TimeSpan.FromSeconds(0.9)));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(await _probes.IsSilentToAllAsync());

        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(await _probes.IsSilentToAllAsync());
    }

    [Fact]
    public async Task SilenceDoesNotCountWhileAnotherSiloHearsTheHolder()
    {
        Hang();
        Answer(Other, new ProbeReply(false, 1, TimeSpan.FromSeconds(0.1)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await _probes.IsSilentToAllAsync());

        // The other one has become the sequencer's silo itself.
        Answer(Other, new ProbeReply(true, 2, TimeSpan.FromSeconds(3)));
        Assert.False(await _probes.IsSilentToAllAsync());
    }

    [Fact]
    public async Task SiloThatHearsNobodyWaitsUntilMembershipKnowsWhoIsDead()
    {
        Hang();
        _silos.ProbeReplies[Other] = () => new TaskCompletionSource<ProbeReply>().Task;
        _time.Advance(TimeSpan.FromSeconds(2));
        var isSilent = _probes.IsSilentToAllAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await isSilent);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(await _probes.IsSilentToAllAsync());
    }

    [Fact]
    public async Task SilosThatAreGoneHearNothing()
    {
        Hang();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await _probes.IsSilentToAllAsync());
    }

    [Fact]
    public void WhoAsksFollowsForAWhile()
    {
        var joining = ScriptedSilos.Silo(4);
        _probes.Note(joining);
        _probes.Note(Other);
        Assert.Equal([Holder, Other, joining], _probes.Followers(_silos.Others));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([Holder, Other], _probes.Followers(_silos.Others));
    }

    private void Answer(SiloAddress silo, ProbeReply reply) => _silos.ProbeReplies[silo] = () => Task.FromResult(reply);

    /// <summary>The holder is there, and does not answer any more.</summary>
    private void Hang()
    {
        _silos.ProbeReplies[Holder] = () => new TaskCompletionSource<ProbeReply>().Task;
        _probes.Probe(1, Holder);
    }
}
