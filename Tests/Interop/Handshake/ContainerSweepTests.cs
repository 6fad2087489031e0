using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>A container goes after its last child, a TTL znode when it is out of date and childless; nothing else goes.</summary>
public sealed class ContainerSweepTests(SweepingServers sweeping) : IClassFixture<SweepingServers>
{
    private const int NodeDeleted = 2;

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task UnusedZnodesGoAndOthersStay(Target target)
    {
        var root = Bodies.UniquePath();
        await using var client = await RawClient.ConnectAsync(sweeping.Servers[target].EndPoint);
        await CreateAsync(client, OpCode.Create, Bodies.Create(root));
        await CreateAsync(client, OpCode.CreateContainer, Bodies.Create(root + "/never-used", flags: 4));
        await CreateAsync(client, OpCode.CreateContainer, Bodies.Create(root + "/used", flags: 4));
        await CreateAsync(client, OpCode.CreateTtl, Bodies.CreateTtl(root + "/parent", 5, 200));
        await CreateAsync(client, OpCode.Create, Bodies.Create(root + "/parent/child"));
        await CreateAsync(client, OpCode.CreateTtl, Bodies.CreateTtl(root + "/lasting", 5, 3_600_000));
        // In one write, so that no sweep comes between.
        await client.SendAsync(
            RawClient.Payload(client.NextXid(), OpCode.CreateTtl, Bodies.CreateTtl(root + "/brief", 5, 500)),
            RawClient.Payload(client.NextXid(), OpCode.Exists, Bodies.PathAndWatch(root + "/brief", watch: true)));
        Assert.Equal(ErrorCode.Ok, (await client.ReceiveAsync())!.Err);
        Assert.Equal(ErrorCode.Ok, (await client.ReceiveAsync())!.Err);
        Assert.Equal(root + "/brief", await NextDeletedAsync(client));

        await WatchAsync(client, root + "/used");
        await CreateAsync(client, OpCode.Create, Bodies.Create(root + "/used/child"));
        await client.CallAsync(OpCode.Delete, Bodies.Delete(root + "/used/child"));
        Assert.Equal(root + "/used", await NextDeletedAsync(client));

        await WatchAsync(client, root + "/parent");
        var children = (await client.CallAsync(OpCode.GetChildren, Bodies.PathAndWatch(root))).Read();
        Assert.Equal(["lasting", "never-used", "parent"], children.List(() => children.String()!).Order(StringComparer.Ordinal));
        await client.SendAsync(OpCode.Delete, Bodies.Delete(root + "/parent/child"));
        Assert.False((await client.ReceiveAsync())!.IsEvent);
        Assert.Equal(root + "/parent", await NextDeletedAsync(client));
        await client.CallAsync(OpCode.CloseSession);
    }

    private static async Task CreateAsync(RawClient client, int opCode, JuteWriter body) =>
        Assert.Equal(ErrorCode.Ok, (await client.CallAsync(opCode, body)).Err);

    private static async Task WatchAsync(RawClient client, string path) =>
        Assert.Equal(ErrorCode.Ok, (await client.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path, watch: true))).Err);

    private static async Task<string?> NextDeletedAsync(RawClient client)
    {
        var happened = await client.ReceiveAsync();
        Assert.True(happened!.IsEvent);
        var reader = happened.Read();
        Assert.Equal((NodeDeleted, 3), (reader.Int(), reader.Int()));
        return reader.String();
    }
}
