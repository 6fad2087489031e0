namespace OrleansKeeper.Grains.ZNodes;

/// <summary>The znodes that every tree has and that cannot be deleted.</summary>
internal static class WellKnownPaths
{
    public const string Keeper = "/zookeeper";
    public const string Quota = "/zookeeper/quota";
    public const string Config = "/zookeeper/config";
}
