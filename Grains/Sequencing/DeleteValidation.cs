using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Validates deletes: by a client, of an unused container, and of a closing session's ephemerals.</summary>
internal static class DeleteValidation
{
    public static Verdict Validate(TransactionDraft draft, in DeleteRequest request)
    {
        if (!draft.IsSessionOpen)
            return Verdict.Fails(ErrorCode.SessionExpired);
        if (request.Path is not { } path)
            return Verdict.Fails(ErrorCode.MarshallingError);
        if (!CreateValidation.TryGetParent(path, out var parentPath) || IsProtected(path))
            return Verdict.Fails(ErrorCode.BadArguments);

        var verdict = draft.FindExisting(parentPath, out var parent);
        if (!verdict.IsOk)
            return verdict;
        if (!AccessControl.Allows(parent!.Acl, Permissions.Delete, draft.Request.Identities))
            return Verdict.Fails(ErrorCode.NoAuth);

        verdict = draft.FindExisting(path, out var node);
        if (!verdict.IsOk)
            return verdict;
        if (request.Version != -1 && request.Version != node!.Version)
            return Verdict.Fails(ErrorCode.BadVersion);
        if (node!.NumChildren > 0)
            return Verdict.Fails(ErrorCode.NotEmpty);

        Delete(draft, path, node.Deleted(draft.Zxid), parentPath, parent);
        return Verdict.Ok;
    }

    /// <summary>Deletes a container that has no children any more, or a TTL znode whose time is over.</summary>
    public static Verdict ValidateUnused(TransactionDraft draft, string path)
    {
        var parentPath = ZNodePath.Parent(path);
        if (draft.Tree.Find(parentPath, out var parent) == Residency.NotResident)
            return Verdict.Needs(parentPath);

        var verdict = draft.FindExisting(path, out var node);
        if (!verdict.IsOk)
            return verdict;
        if (node!.NumChildren > 0)
            return Verdict.Fails(ErrorCode.NotEmpty);
        if (!UnusedZNodes.IsUnused(node, draft.Time))
            return Verdict.Fails(ErrorCode.BadVersion);

        Delete(draft, path, node.Deleted(draft.Zxid), parentPath, parent!);
        return Verdict.Ok;
    }

    /// <summary>Deletes all ephemeral znodes of the session that closes (rule R10).</summary>
    public static Verdict ValidateSessionClose(TransactionDraft draft)
    {
        var missing = new List<string>();
        foreach (var (path, acl) in draft.Tree.EphemeralsOf(draft.SessionId))
        {
            var parentPath = ZNodePath.Parent(path);
            if (draft.Tree.Find(parentPath, out var parent) == Residency.NotResident)
                missing.Add(parentPath);
            else if (missing.Count == 0)
                Delete(draft, path, ZNode.Absent(draft.Zxid, acl, ZNodeKind.Ephemeral, draft.SessionId), parentPath, parent!);
        }

        return missing.Count == 0 ? Verdict.Ok : Verdict.Needs([.. missing.Distinct()]);
    }

    private static void Delete(TransactionDraft draft, string path, ZNode deleted, string parentPath, ZNode parent)
    {
        draft.Change(ZNodeChangeKind.Deleted, path, deleted);
        draft.Change(ZNodeChangeKind.ChildrenChanged, parentPath, parent.WithChildDeleted(draft.Zxid));
    }

    private static bool IsProtected(string path) =>
        path is "/" or WellKnownPaths.Keeper or WellKnownPaths.Quota or WellKnownPaths.Config;
}
