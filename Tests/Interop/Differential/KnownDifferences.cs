using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Where the server under test deliberately differs from Debian's ZooKeeper 3.8.0, or where ZooKeeper leaves an order open, and
/// how a comparison deals with it. Nothing else may differ.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A session that moves to another silo takes a zxid: <see cref="TakeZxidAsync"/> takes one of ZooKeeper's too.</item>
/// <item>The zxid in an event's header is -1 before 3.9 and the transaction's since: <see cref="ReplyDecoder.Event"/> leaves it out.</item>
/// <item>Times, session ids and passwords are each server's own. Zxids are too (ours begin with epoch 1): only their order is compared.</item>
/// <item>A check outside a multi is answered by 3.8 and refused (UNIMPLEMENTED, then closed) since 3.9: no script has one.</item>
/// <item>ip access control knows IPv6 since 3.9.5: no script uses it.</item>
/// <item>createSession (-10) and deleteContainer (20) sent by a client are executed by ZooKeeper; ours refuses them: no script has one.</item>
/// <item>checkWatches in 3.8 also finds watches of other connections and persistent ones as data watches; 3.9 and ours do not: no script has one.</item>
/// <item>A plain create with the flags of a TTL mode inside a multi makes the whole multi malformed in ZooKeeper, and fails alone in ours.</item>
/// <item>A createTTL inside a multi whose flags name no TTL mode is a plain create in ZooKeeper and BADARGUMENTS in ours, as it is in both outside a multi.</item>
/// <item>ZooKeeper's root is also found under the empty path when reading; no client can send it, and ours has no znode there.</item>
/// <item>removeWatches knows the types 4 and 5 since 3.9, and 1 and 2 no longer take persistent watches: scripts use only 3.</item>
/// </list>
/// </remarks>
public static class KnownDifferences
{
    private const int ProbeXid = 0x7fff_0000;

    /// <summary>
    /// The order in which the ephemerals of a closing session go is open (the iteration order of a set), so events without a
    /// reply between them are compared as a set.
    /// </summary>
    public static IReadOnlyList<Observation> SortEventsOfOneTransaction(List<Observation> seen)
    {
        for (var start = 0; start < seen.Count; start++)
        {
            var end = start;
            while (end < seen.Count && seen[end].IsEvent)
                end++;
            seen.Sort(start, end - start, Comparer<Observation>.Create((left, right) => string.CompareOrdinal(left.Text, right.Text)));
            start = end;
        }
        return seen;
    }

    /// <summary>
    /// 3.8 knows one mode for each connection and path: a later watch of another mode replaces it, and a recursive watch is lost to
    /// an exists. Since 3.9, and in ours, the modes stand side by side. So a script's path has one persistent mode.
    /// </summary>
    public static string PersistentMode(string path) => path.StartsWith("/a", StringComparison.Ordinal) ? "0" : "1";

    /// <summary>A connection's identities are a hash set in ZooKeeper: whoAmI answers them in no particular order.</summary>
    public static IEnumerable<string> SortIdentities(IEnumerable<string> identities) => identities.Order(StringComparer.Ordinal);

    /// <summary>
    /// For the same reason the order of the entries that the auth scheme expands to is open. They are neighbours with the same
    /// permissions; the order of all others counts.
    /// </summary>
    public static IReadOnlyList<string> SortExpandedIdentities(List<string> entries)
    {
        for (var start = 0; start < entries.Count;)
        {
            var kind = Kind(entries[start]);
            var end = start + 1;
            while (end < entries.Count && Kind(entries[end]) == kind)
                end++;
            entries.Sort(start, end - start, StringComparer.Ordinal);
            start = end;
        }
        return entries;

        static string Kind(string entry) => string.Join(':', entry.Split(':')[..2]);
    }

    /// <summary>
    /// ZooKeeper handles auth and unknown requests outside its pipeline, so their replies may come before those of earlier requests;
    /// a script therefore waits for these. The server under test answers in order.
    /// </summary>
    public static bool OvertakesEarlierReplies(Request request) => request.Name is "auth" or "unknown";

    /// <summary>
    /// ZooKeeper's speculative state does not know the new list of a setACL that is still in its pipeline, so a write right behind it
    /// is checked against the old list or the new one, as chance will have it. With ours it is the new one, as if it had waited.
    /// </summary>
    public static bool MustEndBeforeNext(Request request) => request.Name == "setAcl";

    /// <summary>
    /// A createTTL whose flags name no TTL mode and whose ttl is negative passes ZooKeeper's validation and then throws where the
    /// transaction is applied, which ends the server. No script has one (RefusedRequestTests).
    /// </summary>
    public static bool KillsZooKeeper(string flags, string ttl) => flags is not ("5" or "6") && ttl.StartsWith('-');

    /// <summary>
    /// That a session is carried by another silo is a transaction with a zxid of its own; ZooKeeper's leader only notes it in memory. So a
    /// request that fails stands in for it there, which takes a zxid as well. Its zxid is returned.
    /// </summary>
    public static async Task<long> TakeZxidAsync(RawClient client, RequestEncoder encoder)
    {
        var (payload, _) = encoder.Encode(Request.Of("delete", ("path", "~/nowhere"), ("version", "-1")), () => ProbeXid, new SessionZxids());
        await client.SendAsync(payload);
        return await client.ReceiveAsync() is { } packet ? packet.Zxid : 0;
    }

    /// <summary>exists asks for the READ permission since 3.8.4 (it told strangers a znode's Stat); 3.8.0 does not ask.</summary>
    public static bool NeedsReadProbe(Request request) => request.Name == "exists" && request["path"] is not null;

    /// <summary>
    /// Asks 3.8.0 by a getData whether the session may read. If not, the exists is not sent, because it would leave a watch that a
    /// newer server does not leave, and what a newer server answers is returned.
    /// </summary>
    public static async Task<Packet?> ProbeReadAsync(RawClient client, Request exists, RequestEncoder encoder, Action<Packet> seeEvent)
    {
        var (payload, xid) = encoder.Encode(Request.Of("getData", ("path", exists["path"])), () => ProbeXid, new SessionZxids());
        await client.SendAsync(payload);
        while (await client.ReceiveAsync() is { } packet)
        {
            if (packet.Xid == xid)
                return packet.Err == ErrorCode.NoAuth ? packet with { Xid = client.NextXid() } : null;
            seeEvent(packet);
        }
        return null;
    }
}
