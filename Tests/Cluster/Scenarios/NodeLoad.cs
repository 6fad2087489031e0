namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>What the nodes of the tests publish.</summary>
public sealed record NodeLoad(int Percent);
