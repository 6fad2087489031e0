using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>A session moves to another connection, in a cluster to another server, or is refused.</summary>
[Collection<TargetCollection>]
public sealed class ReattachTests(TargetServers servers)
{
    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task SessionSurvivesItsConnection(Target target)
    {
        var path = Bodies.UniquePath();
        var first = await RawClient.ConnectAsync(servers.First(target));
        Assert.Equal(ErrorCode.Ok, (await first.CallAsync(OpCode.Create, Bodies.Create(path, flags: 1))).Err);
        await first.DisposeAsync();

        await using var second = await first.ReattachAsync(servers.Other(target));
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(first.Response.Password, second.Response.Password);
        var reply = (await second.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path))).Read();
        Assert.Equal(first.SessionId, reply.Stat().EphemeralOwner);
        await second.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task TimeoutIsNegotiatedAnew(Target target)
    {
        await using var first = await RawClient.ConnectAsync(servers.First(target), new ConnectRequest { Timeout = 10_000 });
        await using var second = await RawClient.ConnectAsync(servers.Other(target), first.Reattachment() with { Timeout = 20_000 });
        Assert.Equal((first.SessionId, 20_000), (second.SessionId, second.Response.Timeout));
        await second.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task OlderConnectionOfTheSessionIsClosed(Target target)
    {
        Assert.SkipWhen(
            target == Target.Cluster && !servers.Cluster.IsOurs, "In an ensemble the older connection lives on until it asks the leader for something.");
        await using var older = await RawClient.ConnectAsync(servers.First(target));
        await using var newer = await older.ReattachAsync(servers.Other(target));
        Assert.Equal(older.SessionId, newer.SessionId);
        Assert.Null(await older.ReceiveAsync());
        Assert.Equal(ErrorCode.Ok, (await newer.CallAsync(OpCode.Exists, Bodies.PathAndWatch("/"))).Err);
        await newer.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task WrongPasswordIsAnsweredAsExpired(Target target)
    {
        await using var victim = await RawClient.ConnectAsync(servers.First(target));
        var wrong = victim.Reattachment() with { Password = [.. victim.Response.Password!.Select(octet => (byte)~octet)] };
        await AssertExpiredAsync(target, wrong);

        await using var again = await victim.ReattachAsync(servers.Other(target));
        Assert.Equal(victim.SessionId, again.SessionId);
        await again.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public Task UnknownSessionIsAnsweredAsExpired(Target target) =>
        AssertExpiredAsync(target, new ConnectRequest { SessionId = 0x123456789abcdef });

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task ClosedSessionIsAnsweredAsExpired(Target target)
    {
        await using var client = await RawClient.ConnectAsync(servers.First(target));
        await client.CallAsync(OpCode.CloseSession);
        Assert.Null(await client.ReceiveAsync());
        await AssertExpiredAsync(target, client.Reattachment());
    }

    private async Task AssertExpiredAsync(Target target, ConnectRequest request)
    {
        await using var refused = await RawClient.ConnectAsync(servers.Other(target), request);
        Assert.Equal((0, 0L), (refused.Response.Timeout, refused.Response.SessionId));
        Assert.Equal(new byte[16], refused.Response.Password);
        Assert.Null(await refused.ReceiveAsync());
    }
}
