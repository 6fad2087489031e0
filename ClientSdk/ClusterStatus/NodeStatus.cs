namespace OrleansKeeper.ClientSdk.ClusterStatus;

/// <summary>What a node published last.</summary>
/// <typeparam name="T">What nodes publish.</typeparam>
/// <param name="Node">The node's name.</param>
/// <param name="Status">What it published.</param>
/// <param name="Zxid">The transaction that did it: a later status has a greater one.</param>
/// <param name="PublishedAt">When, by the service's clock.</param>
public sealed record NodeStatus<T>(string Node, T Status, long Zxid, DateTimeOffset PublishedAt);
