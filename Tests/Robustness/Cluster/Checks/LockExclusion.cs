namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// The lock has one holder at a time, as long as the holder's session lives, and the holders' tokens grow; so do those of what was
/// written under its protection.
/// </summary>
internal static class LockExclusion
{
    public static IEnumerable<string> Violations(ClusterRecord run)
    {
        var grants = run.Grants.OrderBy(grant => grant.Granted).ToArray();
        for (var i = 1; i < grants.Length; i++)
        {
            var (before, grant) = (grants[i - 1], grants[i]);
            if (before.HeldUntil > grant.Granted)
                yield return $"Two holders at a time:\n  {before}\n  {grant}";
            if (before.Token >= grant.Token)
                yield return $"The later holder has no greater token:\n  {before}\n  {grant}";
        }

        (long Zxid, long Token) last = default;
        var writes = run.Grants.SelectMany(grant => grant.Writes, (grant, zxid) => (Zxid: zxid, grant.Token));
        foreach (var write in writes.OrderBy(write => write.Zxid))
        {
            if (write.Token < last.Token)
                yield return $"The holder with token 0x{write.Token:x} wrote 0x{write.Zxid:x} behind 0x{last.Zxid:x} of 0x{last.Token:x}.";
            last = write;
        }
    }
}
