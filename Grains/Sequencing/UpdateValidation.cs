using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Validates what concerns one existing znode: setData, setACL and check.</summary>
internal static class UpdateValidation
{
    public static Verdict ValidateSetData(TransactionDraft draft, in SetDataRequest request)
    {
        var verdict = FindToChange(draft, request.Path, out var node);
        if (!verdict.IsOk)
            return verdict;
        if (!AccessControl.Allows(node!.Acl, Permissions.Write, draft.Request.Identities))
            return Verdict.Fails(ErrorCode.NoAuth);
        if (request.Version != -1 && request.Version != node.Version)
            return Verdict.Fails(ErrorCode.BadVersion);

        draft.Change(ZNodeChangeKind.DataSet, request.Path!, node.WithData(draft.Zxid, draft.Time, request.Data));
        return Verdict.Ok;
    }

    public static Verdict ValidateSetAcl(TransactionDraft draft, in SetAclRequest request)
    {
        var verdict = CheckSessionAndPath(draft, request.Path);
        if (!verdict.IsOk)
            return verdict;
        if (AccessControl.Fix(request.Acl, draft.Request.Identities) is not { } acl)
            return Verdict.Fails(ErrorCode.InvalidAcl);

        verdict = draft.FindExisting(request.Path!, out var node);
        if (!verdict.IsOk)
            return verdict;
        if (!AccessControl.Allows(node!.Acl, Permissions.Admin, draft.Request.Identities))
            return Verdict.Fails(ErrorCode.NoAuth);
        if (request.Version != -1 && request.Version != node.Aversion)
            return Verdict.Fails(ErrorCode.BadVersion);

        draft.Change(ZNodeChangeKind.AclSet, request.Path!, node.WithAcl(draft.Zxid, acl));
        return Verdict.Ok;
    }

    public static Verdict ValidateCheck(TransactionDraft draft, in CheckVersionRequest request)
    {
        var verdict = FindToChange(draft, request.Path, out var node);
        if (!verdict.IsOk)
            return verdict;
        if (!AccessControl.Allows(node!.Acl, Permissions.Read, draft.Request.Identities))
            return Verdict.Fails(ErrorCode.NoAuth);

        return request.Version == -1 || request.Version == node.Version ? Verdict.Ok : Verdict.Fails(ErrorCode.BadVersion);
    }

    private static Verdict FindToChange(TransactionDraft draft, string? path, out ZNode? node)
    {
        node = null;
        var verdict = CheckSessionAndPath(draft, path);
        return verdict.IsOk ? draft.FindExisting(path!, out node) : verdict;
    }

    private static Verdict CheckSessionAndPath(TransactionDraft draft, string? path)
    {
        if (!draft.IsSessionOpen)
            return Verdict.Fails(ErrorCode.SessionExpired);

        return ZNodePath.Validate(path, sequential: false) is null ? Verdict.Ok : Verdict.Fails(ErrorCode.BadArguments);
    }
}
