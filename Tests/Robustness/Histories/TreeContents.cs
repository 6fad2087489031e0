using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>Everything below a znode, read after the run when nobody writes any more.</summary>
internal static class TreeContents
{
    private const int Pipelined = 256;

    public static async Task<Dictionary<string, TreeNode>> ReadAsync(KeeperSession session, string root)
    {
        var nodes = new Dictionary<string, TreeNode>();
        var parents = new Queue<string>([root]);
        while (parents.TryDequeue(out var parent))
        {
            var children = (await session.GetChildrenAsync(parent)).Read<GetChildren2Response>().Children ?? [];
            foreach (var chunk in children.Chunk(Pipelined))
            {
                var paths = Array.ConvertAll(chunk, child => ZNodePath.Append(parent, child));
                var replies = await Task.WhenAll(paths.Select(path => session.GetDataAsync(path)));
                foreach (var (path, reply) in paths.Zip(replies))
                {
                    var response = reply.Read<GetDataResponse>();
                    nodes[path] = new TreeNode(response.Text(), response.Stat);
                    if (response.Stat.NumChildren > 0)
                        parents.Enqueue(path);
                }
            }
        }

        return nodes;
    }
}
