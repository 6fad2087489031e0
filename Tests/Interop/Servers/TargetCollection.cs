namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>The test classes that also talk to a cluster: it is started once for all of them, and only if one of them runs.</summary>
[CollectionDefinition]
public sealed class TargetCollection : ICollectionFixture<TargetServers>;
