namespace OrleansKeeper.ClientSdk.Samples.ClusterStatus;

/// <summary>What the nodes of this sample tell of themselves.</summary>
/// <param name="Role">What the node does.</param>
/// <param name="LoadPercent">How busy it is.</param>
public sealed record NodeState(string Role, int LoadPercent);
