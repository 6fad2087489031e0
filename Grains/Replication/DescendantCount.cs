using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>Counts the znodes below one from what is in memory.</summary>
internal static class DescendantCount
{
    /// <summary>Counts the znodes below a path; false when not all are in memory, or when they are too many for somebody who holds a lock.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="path">The path.</param>
    /// <param name="most">How many are counted at most.</param>
    /// <param name="count">How many there are.</param>
    public static bool TryRead(ZNodeTree tree, string path, int most, out long count)
    {
        count = 0;
        var parents = new Stack<string>([path]);
        while (parents.TryPop(out var parent))
        {
            var found = tree.Find(parent);
            if (found.Residency == Residency.NotResident)
                return false;
            if (found.Node is not { NumChildren: > 0 and var children })
                continue;
            if (count + children > most || ChildNames.Read(tree, parent, out _) is not { } names)
                return false;

            count += names.Count;
            foreach (var name in names)
                parents.Push(ZNodePath.Append(parent, name));
        }

        return true;
    }
}
