using Microsoft.Extensions.Time.Testing;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Tests.Unit.Sessions;

public sealed class HeartbeatTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSessionGrain _grain = new();
    private readonly ClientSession _session;

    public HeartbeatTests()
    {
        _session = new ClientSession(1, 20_000, "127.0.0.1", new RecordingOutput(), null!, null!, null!, null!, null!, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        _session.Touch();
    }

    private Heartbeat Heartbeat => _session.Heartbeat;

    [Fact]
    public async Task A_sign_of_life_is_told_once()
    {
        Assert.True(Heartbeat.IsDue);
        var telling = Heartbeat.TellAsync(_grain);
        _grain.Answer();
        await telling;
        Assert.False(Heartbeat.IsDue);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Heartbeat.IsDue);
        _session.Touch();
        Assert.True(Heartbeat.IsDue);
    }

    [Fact]
    public void An_old_sign_of_life_is_told_with_its_age()
    {
        // The silo hung, and sends only now.
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.True(Heartbeat.IsDue);
        _ = Heartbeat.TellAsync(_grain);
        Assert.Equal([TimeSpan.FromSeconds(8)], _grain.Heard);
    }

    [Fact]
    public async Task What_did_not_arrive_is_told_again()
    {
        var telling = Heartbeat.TellAsync(_grain);
        _time.Advance(TimeSpan.FromSeconds(5));
        _grain.Fail();
        await Assert.ThrowsAsync<TimeoutException>(() => telling);
        Assert.True(Heartbeat.IsDue);

        _ = Heartbeat.TellAsync(_grain);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(5)], _grain.Heard);
    }

    [Fact]
    public async Task One_call_at_a_time_is_on_its_way()
    {
        var telling = Heartbeat.TellAsync(_grain);
        _time.Advance(TimeSpan.FromSeconds(1));
        _session.Touch();
        Assert.False(Heartbeat.IsDue);
        await Heartbeat.TellAsync(_grain);
        Assert.Single(_grain.Heard);

        // What was heard meanwhile goes with the next one.
        _grain.Answer();
        await telling;
        Assert.True(Heartbeat.IsDue);
    }
}
