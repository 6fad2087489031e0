namespace OrleansKeeper.ClientSdk;

/// <summary>Versions in conditional operations.</summary>
public static class KeeperVersion
{
    /// <summary>Whatever version the znode has.</summary>
    public const int Any = -1;
}
