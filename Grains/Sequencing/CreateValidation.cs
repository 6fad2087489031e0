using System.Globalization;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Validates the four creates, with ZooKeeper's checks in ZooKeeper's order.</summary>
internal static class CreateValidation
{
    /// <summary>The longest time to live, in milliseconds: ZooKeeper has 40 bits for it.</summary>
    private const long LongestTtl = 0xff_ffff_ffff;

    public static Verdict Validate(TransactionDraft draft, OpCode operation, in CreateRequest request, long ttl)
    {
        if (!CreateModes.IsDefined(request.Flags))
            return Verdict.Fails(ErrorCode.BadArguments);

        var mode = (CreateMode)request.Flags;
        if (mode.IsTtl() ? ttl is <= 0 or > LongestTtl : ttl >= 0)
            return Verdict.Fails(ErrorCode.BadArguments);
        if (!draft.IsSessionOpen)
            return Verdict.Fails(ErrorCode.SessionExpired);
        if (request.Path is not { } path)
            return Verdict.Fails(ErrorCode.MarshallingError);
        if (!TryGetParent(path, out var parentPath))
            return Verdict.Fails(ErrorCode.BadArguments);
        if (AccessControl.Fix(request.Acl, draft.Request.Identities) is not { } acl)
            return Verdict.Fails(ErrorCode.InvalidAcl);

        var parentVerdict = draft.FindExisting(parentPath, out var parent);
        if (!parentVerdict.IsOk)
            return parentVerdict;
        if (!AccessControl.Allows(parent!.Acl, Permissions.Create, draft.Request.Identities))
            return Verdict.Fails(ErrorCode.NoAuth);
        if (mode.IsSequential())
            path += SequenceSuffix(parent.CreatedChildren);
        if (ZNodePath.Validate(path, sequential: false) is not null)
            return Verdict.Fails(ErrorCode.BadArguments);

        switch (draft.Tree.Find(path, out _))
        {
            case Residency.NotResident:
                return Verdict.Needs(path);
            case Residency.Present:
                return Verdict.Fails(ErrorCode.NodeExists);
        }

        if (parent.Kind == ZNodeKind.Ephemeral)
            return Verdict.Fails(ErrorCode.NoChildrenForEphemerals);
        if (mode.IsEphemeral() && draft.SessionId == 0)
            return Verdict.Fails(ErrorCode.SessionExpired);

        var (kind, ownerOrTtl) = KindOf(operation, mode, draft.SessionId, ttl);
        var node = ZNode.Create(draft.Zxid, draft.Time, kind, ownerOrTtl, acl, request.Data);
        draft.Change(ZNodeChangeKind.Created, path, node);
        draft.Change(ZNodeChangeKind.ChildrenChanged, parentPath, parent.WithChildCreated(draft.Zxid));
        return Verdict.Ok;
    }

    /// <summary>The parent that a path to be created or deleted names; false when it names none.</summary>
    public static bool TryGetParent(string path, out string parentPath)
    {
        var last = path.LastIndexOf(ZNodePath.Separator);
        parentPath = last <= 0 ? ZNodePath.Root : path[..last];
        return last >= 0 && !path.Contains('\0');
    }

    /// <summary>Ten digits, as Java's <c>%010d</c> writes them: a sign counts as one of the ten.</summary>
    private static string SequenceSuffix(int createdChildren) =>
        createdChildren.ToString(createdChildren < 0 ? "D9" : "D10", CultureInfo.InvariantCulture);

    // What is created goes by the operation, and only for plain creates by the flags.
    private static (ZNodeKind Kind, long OwnerOrTtl) KindOf(OpCode operation, CreateMode mode, long sessionId, long ttl) => operation switch
    {
        OpCode.CreateContainer => (ZNodeKind.Container, 0),
        OpCode.CreateTtl when mode.IsTtl() => (ZNodeKind.Ttl, ttl),
        _ when mode.IsEphemeral() => (ZNodeKind.Ephemeral, sessionId),
        _ => (ZNodeKind.Persistent, 0),
    };
}
