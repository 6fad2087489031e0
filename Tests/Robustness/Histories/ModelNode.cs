namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>What is known of a znode from the requests for it; a zxid of 0 is not known, because the answer was lost.</summary>
internal sealed record ModelNode(string Data, int Version, long Owner, long Czxid, long Mzxid)
{
    public bool Matches(TreeNode node) =>
        node.Data == Data
        && node.Stat.Version == Version
        && node.Stat.EphemeralOwner == Owner
        && (Czxid == 0 || node.Stat.Czxid == Czxid)
        && (Mzxid == 0 || node.Stat.Mzxid == Mzxid);
}
