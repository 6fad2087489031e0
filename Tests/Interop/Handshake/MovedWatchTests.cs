using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>
/// A session's watches go with it to another server of a cluster: those whose event it missed fire there, once, whether that server has seen
/// the change when it is told of the watches or sees it later; the others fire when something happens.
/// </summary>
[Collection<TargetCollection>]
public sealed class MovedWatchTests(TargetServers servers)
{
    private const int Rounds = 20;
    private const int Created = 1;
    private const int Deleted = 2;
    private const int DataChanged = 3;
    private const int ChildrenChanged = 4;
    private const int Recursive = 1;

    [Fact]
    public async Task MissedEventsComeOnceAndWatchesStay()
    {
        for (var round = 0; round < Rounds; round++)
        {
            // Each way from one server to another is taken, with the writer on any of the three.
            var all = servers.Cluster.Servers;
            await MoveAsync(all[round % 3], all[(round + 1 + (round / 3 % 2)) % 3], all[round / 6 % 3]);
        }
    }

    private static async Task MoveAsync(ServerProcess from, ServerProcess to, ServerProcess writersServer)
    {
        var root = Bodies.UniquePath();
        await using var writer = await RawClient.ConnectAsync(writersServer.EndPoint);
        foreach (var name in (string[])["", "/changed", "/deleted", "/parent", "/untouched", "/tree"])
            Assert.Equal(ErrorCode.Ok, (await writer.CallAsync(OpCode.Create, Bodies.Create(root + name))).Err);

        var before = await RawClient.ConnectAsync(from.EndPoint);
        await before.CallAsync(OpCode.Sync, Bodies.Path(root));
        await before.CallAsync(OpCode.Exists, Bodies.PathAndWatch(root + "/created", watch: true));
        await before.CallAsync(OpCode.GetData, Bodies.PathAndWatch(root + "/changed", watch: true));
        await before.CallAsync(OpCode.Exists, Bodies.PathAndWatch(root + "/deleted", watch: true));
        await before.CallAsync(OpCode.GetChildren, Bodies.PathAndWatch(root + "/parent", watch: true));
        await before.CallAsync(OpCode.GetData, Bodies.PathAndWatch(root + "/untouched", watch: true));
        Assert.Equal(ErrorCode.Ok, (await before.CallAsync(OpCode.AddWatch, Bodies.Path(root + "/tree").Int(Recursive))).Err);
        await before.DisposeAsync();

        await writer.CallAsync(OpCode.Create, Bodies.Create(root + "/created"));
        await writer.CallAsync(OpCode.SetData, Bodies.SetData(root + "/changed"));
        await writer.CallAsync(OpCode.Delete, Bodies.Delete(root + "/deleted"));
        await writer.CallAsync(OpCode.Create, Bodies.Create(root + "/parent/child"));

        await using var after = await before.ReattachAsync(to.EndPoint);
        var watches = new JuteWriter().Long(before.LastZxid)
            .Strings([root + "/changed", root + "/deleted", root + "/untouched"])
            .Strings([root + "/created"])
            .Strings([root + "/parent"])
            .Strings([])
            .Strings([root + "/tree"]);
        await after.SendAsync(OpCode.SetWatches2, watches, Xid.SetWatches);
        var missed = await EventsUntilSyncedAsync(after);
        // In the order of the lists where the server knows of the changes, in theirs where it learns of them.
        Assert.Equal(
            [$"{Created} {root}/created", $"{Deleted} {root}/deleted", $"{DataChanged} {root}/changed", $"{ChildrenChanged} {root}/parent"],
            missed.Order(StringComparer.Ordinal));

        await writer.CallAsync(OpCode.SetData, Bodies.SetData(root + "/untouched"));
        await writer.CallAsync(OpCode.SetData, Bodies.SetData(root + "/untouched"));
        await writer.CallAsync(OpCode.Create, Bodies.Create(root + "/tree/leaf"));
        await writer.CallAsync(OpCode.SetData, Bodies.SetData(root + "/tree/leaf"));
        await writer.CallAsync(OpCode.SetData, Bodies.SetData(root + "/changed"));
        Assert.Equal(
            [$"{DataChanged} {root}/untouched", $"{Created} {root}/tree/leaf", $"{DataChanged} {root}/tree/leaf"],
            await EventsUntilSyncedAsync(after));
        await after.CallAsync(OpCode.CloseSession);
        await writer.CallAsync(OpCode.CloseSession);
    }

    /// <summary>Type and path of each event in front of the reply to a sync.</summary>
    private static async Task<List<string>> EventsUntilSyncedAsync(RawClient client)
    {
        var events = new List<string>();
        var sync = await client.SendAsync(OpCode.Sync, Bodies.Path("/"));
        while (await client.ReceiveAsync() is { } packet)
        {
            if (packet.IsEvent)
            {
                var reader = packet.Read();
                var type = reader.Int();
                reader.Int();
                events.Add($"{type} {reader.String()}");
            }
            else
            {
                Assert.Equal(ErrorCode.Ok, packet.Err);
            }
            if (packet.Xid == sync)
                return events;
        }
        throw new IOException("The connection ended.");
    }
}
