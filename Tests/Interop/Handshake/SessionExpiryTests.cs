using System.Diagnostics;
using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>A session ends when it has been silent for its timeout, not before, and its ephemerals go with it.</summary>
public sealed class SessionExpiryTests(ServerPair servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>ZooKeeper rounds up to its tick of two seconds; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(6);

    [Fact]
    public Task SilentSessionExpires() => Task.WhenAll(ExpireAsync(servers.Reference), ExpireAsync(servers.Ours));

    private static async Task ExpireAsync(ServerProcess server)
    {
        var path = Bodies.UniquePath();
        await using var watcher = await RawClient.ConnectAsync(server.EndPoint);
        await using var silent = await RawClient.ConnectAsync(server.EndPoint, new ConnectRequest { Timeout = (int)Timeout.TotalMilliseconds });
        await silent.CallAsync(OpCode.Create, Bodies.Create(path, flags: 1));
        await watcher.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path, watch: true));

        // A ping halfway keeps the session for a whole timeout more.
        await Task.Delay(Timeout / 2);
        var beforePing = Stopwatch.StartNew();
        await silent.CallAsync(OpCode.Ping, xid: Xid.Ping);

        var deleted = await watcher.ReceiveAsync();
        var elapsed = beforePing.Elapsed;
        Assert.True(deleted!.IsEvent);
        Assert.InRange(elapsed, Timeout, Timeout + Allowance);
        Assert.Null(await silent.ReceiveAsync());
        await using var late = await RawClient.ConnectAsync(server.EndPoint, silent.Reattachment());
        Assert.Equal(0, late.SessionId);
        await watcher.CallAsync(OpCode.CloseSession);
    }
}
