using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Which znodes go by themselves, by ZooKeeper's rules: a container that had children and has none any more, and a TTL znode without
/// children whose data did not change for its time to live. A container that never had a child stays.
/// </summary>
internal static class UnusedZNodes
{
    public static bool IsUnused(ZNode node, long now) => node switch
    {
        { NumChildren: > 0 } => false,
        { Kind: ZNodeKind.Container } => node.CreatedChildren > 0,
        { Kind: ZNodeKind.Ttl } => now - node.Mtime > node.TtlMilliseconds,
        _ => false,
    };
}
