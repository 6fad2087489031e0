namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>How to contend for a lock.</summary>
public sealed record LockOptions : ContenderOptions
{
    /// <summary>Whose names the znodes get; kazoo's unless it is set.</summary>
    public RecipeLayout Layout { get; init; } = RecipeLayout.Kazoo;
}
