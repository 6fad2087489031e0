using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>The largest request (jute.maxbuffer, 0xfffff bytes) is served; a larger one ends the connection.</summary>
public sealed class FrameSizeTests(ServerPair servers)
{
    private const int LargestFrame = 0xfffff;

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task LargestFrameIsServedAndReadBack(Target target)
    {
        var path = Bodies.UniquePath();
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        var data = new byte[LargestFrame - Payload(path, []).Length];
        Random.Shared.NextBytes(data);
        Assert.Equal(LargestFrame, Payload(path, data).Length);

        await client.SendAsync(Payload(path, data));
        Assert.Equal(ErrorCode.Ok, (await client.ReceiveAsync())!.Err);
        Assert.Equal(data, (await client.CallAsync(OpCode.GetData, Bodies.PathAndWatch(path))).Read().Buffer());
        await client.CallAsync(OpCode.Delete, Bodies.Delete(path));

        await client.SendAsync(Payload(path, [.. data, 0]));
        Assert.Null(await client.ReceiveAsync());
    }

    private static byte[] Payload(string path, byte[] data) => RawClient.Payload(1, OpCode.Create, Bodies.Create(path, data: data));
}
