namespace OrleansKeeper.ClientSdk.Recipes.Elections;

/// <summary>How to stand for election.</summary>
public sealed record LeaderElectionOptions : ContenderOptions
{
    /// <summary>Whose names the candidates' znodes get; kazoo's unless it is set.</summary>
    public RecipeLayout Layout { get; init; } = RecipeLayout.Kazoo;
}
