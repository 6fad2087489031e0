using System.Text;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>The operations in the words of a test.</summary>
internal static class KeeperOperations
{
    public const int AnyVersion = -1;

    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];

    public static CreateRequest CreateRequest(string path, byte[] data, CreateMode mode) => new(path, data, Open, (int)mode);

    public static Task<Reply> CreateAsync(
        this KeeperSession session, string path, string data = "", CreateMode mode = CreateMode.Persistent) =>
        session.CreateAsync(path, Encoding.UTF8.GetBytes(data), mode);

    public static Task<Reply> CreateAsync(this KeeperSession session, string path, byte[] data, CreateMode mode = CreateMode.Persistent) =>
        session.Connection.RequestAsync(OpCode.Create, CreateRequest(path, data, mode));

    public static Task<Reply> DeleteAsync(this KeeperSession session, string path, int version = AnyVersion) =>
        session.Connection.RequestAsync(OpCode.Delete, new DeleteRequest(path, version));

    public static Task<Reply> SetDataAsync(this KeeperSession session, string path, string data, int version = AnyVersion) =>
        session.SetDataAsync(path, Encoding.UTF8.GetBytes(data), version);

    public static Task<Reply> SetDataAsync(this KeeperSession session, string path, byte[] data, int version = AnyVersion) =>
        session.Connection.RequestAsync(OpCode.SetData, new SetDataRequest(path, data, version));

    public static Task<Reply> GetDataAsync(this KeeperSession session, string path, bool watch = false) =>
        session.Connection.RequestAsync(OpCode.GetData, new PathWatchRequest(path, watch));

    public static Task<Reply> ExistsAsync(this KeeperSession session, string path, bool watch = false) =>
        session.Connection.RequestAsync(OpCode.Exists, new PathWatchRequest(path, watch));

    public static Task<Reply> GetChildrenAsync(this KeeperSession session, string path, bool watch = false) =>
        session.Connection.RequestAsync(OpCode.GetChildren2, new PathWatchRequest(path, watch));

    public static Task<Reply> MultiAsync(this KeeperSession session, params MultiOperation[] operations) =>
        session.Connection.RequestAsync(OpCode.Multi, new MultiRequest(operations));

    public static Task<Reply> SetWatchesAsync(this KeeperSession session, SetWatches watches) =>
        session.Connection.RequestAsync(OpCode.SetWatches, watches);

    public static Task<Reply> SetWatchesAsync(this KeeperSession session, SetWatches2 watches) =>
        session.Connection.RequestAsync(OpCode.SetWatches2, watches);

    public static Task<Reply> AddWatchAsync(this KeeperSession session, string path, AddWatchMode mode) =>
        session.Connection.RequestAsync(OpCode.AddWatch, new AddWatchRequest(path, mode));

    public static Task<Reply> SyncAsync(this KeeperSession session, string path) =>
        session.Connection.RequestAsync(OpCode.Sync, new PathRequest(path));

    public static Task<Reply> GetAclAsync(this KeeperSession session, string path) =>
        session.Connection.RequestAsync(OpCode.GetAcl, new PathRequest(path));

    public static Task<Reply> PingAsync(this KeeperSession session) => session.Connection.RequestAsync(OpCode.Ping);

    /// <summary>Awaits an answer that must be a success.</summary>
    public static async Task<Reply> OkAsync(this Task<Reply> request)
    {
        var reply = await request;
        Assert.Equal(ErrorCode.Ok, reply.Error);
        return reply;
    }

    /// <summary>Checks that a znode is not there (any more).</summary>
    public static async Task ExistsGoneAsync(this KeeperSession session, string path) =>
        Assert.Equal(ErrorCode.NoNode, (await session.ExistsAsync(path)).Error);

    public static string Text(this GetDataResponse response) => Encoding.UTF8.GetString(response.Data ?? []);
}
