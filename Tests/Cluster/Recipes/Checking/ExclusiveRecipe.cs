namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>The recipes that grant something to one at a time.</summary>
public enum ExclusiveRecipe
{
    Lock,
    WriteLock,
    SemaphoreOfOne,
    LeaderElection,
}
