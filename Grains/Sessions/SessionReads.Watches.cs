using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <content>
/// Reads that set watches. Order matters (rule R6): the watch is registered first, then we make sure that no transaction was announced
/// meanwhile, then the znode is read. One that was may have fired before the watch was there and yet not be in what would be read: the watch is
/// taken back then, and all of it is done again. Unless the watch has fired: its event waits for the session's lock, and so does the watermark,
/// so that the reply shows what was before, and the event follows it.
/// </content>
internal sealed partial class SessionReads
{
    /// <summary>Events of a replay belong to no transaction that happens now.</summary>
    private const long NoZxid = -1;

    private ReadOutcome AnswerAndWatch(ClientSession session, OpCode operation, int xid, string path)
    {
        if (!IsSettled(out var announced))
            return ReadOutcome.Unsettled;

        var found = replica.Find(path);
        if (IsMissing(found, operation == OpCode.GetData))
            return ReadOutcome.NeedsZNodes(path);

        var mayRead = found.Node is null || AccessControl.Allows(found.Node.Acl, Permissions.Read, session.Identities);
        var isWatched = operation == OpCode.Exists ? mayRead && !path.Contains('\0') : mayRead && found.Node is not null;
        var isNew = isWatched && replica.Watches.Add(KindOf(operation), path, session, WatchModes.Standard);
        if (HasMovedSince(announced) && (!isNew || replica.Watches.Remove(KindOf(operation), path, session, WatchModes.Standard)))
            return ReadOutcome.Unsettled;

        var outcome = AnswerPath(session, operation, xid, path.AsSpan());
        if (isNew && outcome.State != ReadState.Answered)
            replica.Watches.Remove(KindOf(operation), path, session, WatchModes.Standard);
        return outcome;
    }

    private ReadOutcome AnswerAddWatch(ClientSession session, int xid, in AddWatchRequest request)
    {
        var path = PathOf(request.Path);
        if (IsBeyondLimit(added: 1))
            return Refuse(session, xid, replica.Watermark, ErrorCode.ThrottledOp);
        if (!IsSettled(out var announced))
            return ReadOutcome.Unsettled;

        switch (request.Mode)
        {
            case AddWatchMode.Persistent:
                replica.Watches.AddPersistent(path, session);
                break;
            case AddWatchMode.PersistentRecursive:
                replica.Watches.AddPersistentRecursive(path, session);
                break;
            default:
                throw new JuteFormatException($"There is no way {(int)request.Mode} to add a watch.");
        }

        if (HasMovedSince(announced))
            return ReadOutcome.Unsettled;

        ReplyWriter.Write(session.Output, xid, replica.Watermark, new ErrorResponse(ErrorCode.Ok));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerCheckWatches(ClientSession session, int xid, in WatcherTypeRequest request, bool remove)
    {
        var path = PathOf(request.Path);
        var (dataModes, childModes) = request.Type switch
        {
            WatcherType.Data => (WatchModes.Standard, WatchModes.None),
            WatcherType.Children => (WatchModes.None, WatchModes.Standard),
            WatcherType.Persistent => (WatchModes.Persistent, WatchModes.Persistent),
            WatcherType.PersistentRecursive => (WatchModes.PersistentRecursive, WatchModes.None),
            WatcherType.Any => (WatchModes.All, WatchModes.All),
            _ => throw new JuteFormatException($"There is no type {(int)request.Type} of watch."),
        };

        // Not short-circuited: both tables are to be cleared.
        var isFound = remove
            ? replica.Watches.Remove(WatchKind.Data, path, session, dataModes)
                | replica.Watches.Remove(WatchKind.Children, path, session, childModes)
            : replica.Watches.Contains(WatchKind.Data, path, session, dataModes)
                || replica.Watches.Contains(WatchKind.Children, path, session, childModes);
        ReplyWriter.WriteHeader(session.Output, xid, replica.Watermark, isFound ? ErrorCode.Ok : ErrorCode.NoWatcher);
        return ReadOutcome.Answered;
    }

    private static SetWatches2 FromSetWatches(in SetWatches request) =>
        new(request.RelativeZxid, request.DataWatches, request.ExistWatches, request.ChildWatches, [], []);

    /// <summary>
    /// Registers a reconnected client's watches again. What changed since the client last heard from a server is told at once instead,
    /// before the reply.
    /// </summary>
    private ReadOutcome AnswerSetWatches(ClientSession session, int xid, in SetWatches2 request)
    {
        if (IsBeyondLimit(request.DataWatches.Length + request.ExistWatches.Length + request.ChildWatches.Length
            + request.PersistentWatches.Length + request.PersistentRecursiveWatches.Length))
        {
            return Refuse(session, xid, replica.Watermark, ErrorCode.ThrottledOp);
        }

        if (!IsSettled(out var announced))
            return ReadOutcome.Unsettled;

        var rearming = session.Rearming ??= new WatchRearming(replica.Watches, session);
        var missing = RearmDataWatches(rearming, request) ?? RearmExistWatches(rearming, request) ?? RearmChildWatches(rearming, request);
        if (missing is null)
        {
            AddPersistentWatches(session, request);
            if (HasMovedSince(announced))
                missing = ReadOutcome.Unsettled;
        }

        if (missing is { } outcome)
        {
            rearming.TakeBack();
            return outcome.State == ReadState.NeedsZNodes ? ReadOutcome.NeedsZNodes(AllMissing(request)) : outcome;
        }

        foreach (var (type, path) in rearming.Missed)
            ReplyWriter.WriteEvent(session.Output, NoZxid, type, path);
        ReplyWriter.WriteHeader(session.Output, xid, replica.Watermark, ErrorCode.Ok);
        session.Rearming = null;
        return ReadOutcome.Answered;
    }

    private string[] AllMissing(in SetWatches2 request)
    {
        var paths = request.DataWatches.Concat(request.ExistWatches).Concat(request.ChildWatches).Distinct();
        return [.. paths.Where(path => IsMissing(replica.Find(path), isDataAsked: false))];
    }

    private void AddPersistentWatches(ClientSession session, in SetWatches2 request)
    {
        foreach (var path in request.PersistentWatches)
            replica.Watches.AddPersistent(path, session);
        foreach (var path in request.PersistentRecursiveWatches)
            replica.Watches.AddPersistentRecursive(path, session);
    }

    private ReadOutcome? RearmDataWatches(WatchRearming rearming, in SetWatches2 request)
    {
        foreach (var path in request.DataWatches)
        {
            if (rearming.HasFired(WatchKind.Data, path))
                continue;

            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNodes(path);
            if (found.Node is null)
                rearming.Missed.Add((WatcherEventType.NodeDeleted, path));
            else if (found.Node.Mzxid > request.RelativeZxid)
                rearming.Missed.Add((WatcherEventType.NodeDataChanged, path));
            else
                rearming.Set(WatchKind.Data, path);
        }

        return null;
    }

    private ReadOutcome? RearmExistWatches(WatchRearming rearming, in SetWatches2 request)
    {
        foreach (var path in request.ExistWatches)
        {
            if (rearming.HasFired(WatchKind.Data, path))
                continue;

            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNodes(path);
            if (found.Node is not null)
                rearming.Missed.Add((WatcherEventType.NodeCreated, path));
            else
                rearming.Set(WatchKind.Data, path);
        }

        return null;
    }

    private ReadOutcome? RearmChildWatches(WatchRearming rearming, in SetWatches2 request)
    {
        foreach (var path in request.ChildWatches)
        {
            if (rearming.HasFired(WatchKind.Children, path))
                continue;

            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNodes(path);
            if (found.Node is null)
                rearming.Missed.Add((WatcherEventType.NodeDeleted, path));
            else if (found.Node.Pzxid > request.RelativeZxid)
                rearming.Missed.Add((WatcherEventType.NodeChildrenChanged, path));
            else
                rearming.Set(WatchKind.Children, path);
        }

        return null;
    }

    private static WatchKind KindOf(OpCode operation) =>
        operation is OpCode.GetChildren or OpCode.GetChildren2 ? WatchKind.Children : WatchKind.Data;

    private bool IsBeyondLimit(int added) => replica.Watches.Count + added > _maxWatches;

    /// <summary>Whether no transaction is being applied; <paramref name="announced"/> is then the last one, and all its events are out.</summary>
    private bool IsSettled(out long announced)
    {
        announced = replica.Announced;
        return replica.Watermark >= announced;
    }

    /// <summary>Whether a transaction was announced meanwhile. The fence makes that comparable: either we see it, or it sees our watch.</summary>
    private bool HasMovedSince(long announced)
    {
        Interlocked.MemoryBarrier();
        return replica.Announced != announced;
    }
}
