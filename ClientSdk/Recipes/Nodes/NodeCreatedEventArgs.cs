using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>A persistent ephemeral node was created.</summary>
/// <param name="path">Its path.</param>
/// <param name="stat">Its Stat; <see cref="Stat.Czxid"/> grows with every creation.</param>
public sealed class NodeCreatedEventArgs(string path, Stat stat) : EventArgs
{
    /// <summary>Its path.</summary>
    public string Path { get; } = path;

    /// <summary>Its Stat; <see cref="Stat.Czxid"/> grows with every creation.</summary>
    public Stat Stat { get; } = stat;
}
