namespace OrleansKeeper.ClientSdk.ClusterStatus;

/// <summary>A node joined, published another status, or left.</summary>
/// <typeparam name="T">What nodes publish.</typeparam>
/// <param name="Kind">Which of these.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Now">What it says now; null of one that left.</param>
/// <param name="Before">What it said before; null of one that joined.</param>
public sealed record NodeChange<T>(NodeChangeKind Kind, string Node, NodeStatus<T>? Now, NodeStatus<T>? Before);
