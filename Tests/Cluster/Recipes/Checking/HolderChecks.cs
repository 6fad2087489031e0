namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>
/// What a history of writes by holders says of the recipe. Each write was done while its holder's znode existed, so they lie in the order
/// of the service's transactions as the holders were there: if two had been holders at a time, their writes would lie among one another's.
/// </summary>
internal static class HolderChecks
{
    /// <summary>The first two writes that contradict it; null if holders came one after the other, with rising tokens.</summary>
    public static (WitnessedWrite First, WitnessedWrite Second)? FindOverlap(IEnumerable<WitnessedWrite> writes)
    {
        var inOrder = writes.OrderBy(write => write.Zxid).ToList();
        for (var i = 1; i < inOrder.Count; i++)
        {
            if (inOrder[i].Token < inOrder[i - 1].Token)
                return (inOrder[i - 1], inOrder[i]);
        }
        return null;
    }
}
