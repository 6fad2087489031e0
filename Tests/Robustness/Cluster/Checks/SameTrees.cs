using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>All silos have the same tree at the same zxid, to the last field of every znode.</summary>
internal static class SameTrees
{
    public static IEnumerable<string> Violations(IReadOnlyDictionary<string, TreeNode>[] trees) =>
        from path in trees.SelectMany(tree => tree.Keys).Distinct()
        where trees.Select(tree => tree.GetValueOrDefault(path)).Distinct().Count() > 1
        select $"The silos' trees differ: {path}: {string.Join(" | ", trees.Select(tree => $"{tree.GetValueOrDefault(path)}"))}";
}
