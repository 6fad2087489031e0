using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <content>
/// Reads that set watches. Order matters (rule R6): the watch is registered first, then the znode is read, then we make sure that no
/// transaction was announced meanwhile. One that was may have fired before the watch was there and yet not be in what was read.
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
        if (found.Residency == Residency.NotResident || (operation == OpCode.GetData && found.Node is { IsDataResident: false }))
            return ReadOutcome.NeedsZNode(path);

        var mayRead = found.Node is null || AccessControl.Allows(found.Node.Acl, Permissions.Read, session.Identities);
        var isWatched = operation == OpCode.Exists ? mayRead && !path.Contains('\0') : mayRead && found.Node is not null;
        if (isWatched)
            replica.Watches.Add(KindOf(operation), path, session, WatchModes.Standard);
        if (HasMovedSince(announced))
            return ReadOutcome.Unsettled;

        return AnswerPath(session, operation, xid, path.AsSpan());
    }

    private ReadOutcome AnswerAddWatch(ClientSession session, int xid, in AddWatchRequest request)
    {
        var path = PathOf(request.Path);
        if (IsBeyondLimit(added: 1))
            return Refuse(session, xid, replica.Watermark, ErrorCode.ThrottledOp);

        switch (request.Mode)
        {
            case AddWatchMode.Persistent:
                replica.Watches.Add(WatchKind.Data, path, session, WatchModes.Persistent);
                replica.Watches.Add(WatchKind.Children, path, session, WatchModes.Persistent);
                break;
            case AddWatchMode.PersistentRecursive:
                replica.Watches.Add(WatchKind.Data, path, session, WatchModes.PersistentRecursive);
                break;
            default:
                throw new JuteFormatException($"There is no way {(int)request.Mode} to add a watch.");
        }

        if (!IsSettled(out _))
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

        var events = new List<(WatcherEventType Type, string Path)>();
        var missing = RearmDataWatches(session, request, events)
            ?? RearmExistWatches(session, request, events)
            ?? RearmChildWatches(session, request, events);
        if (missing is { } outcome)
            return outcome;

        foreach (var path in request.PersistentWatches)
        {
            replica.Watches.Add(WatchKind.Data, path, session, WatchModes.Persistent);
            replica.Watches.Add(WatchKind.Children, path, session, WatchModes.Persistent);
        }

        foreach (var path in request.PersistentRecursiveWatches)
            replica.Watches.Add(WatchKind.Data, path, session, WatchModes.PersistentRecursive);
        if (HasMovedSince(announced))
            return ReadOutcome.Unsettled;

        foreach (var (type, path) in events)
            ReplyWriter.WriteEvent(session.Output, NoZxid, type, path);
        ReplyWriter.WriteHeader(session.Output, xid, replica.Watermark, ErrorCode.Ok);
        return ReadOutcome.Answered;
    }

    private ReadOutcome? RearmDataWatches(ClientSession session, in SetWatches2 request, List<(WatcherEventType, string)> events)
    {
        foreach (var path in request.DataWatches)
        {
            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNode(path);
            if (found.Node is null)
                events.Add((WatcherEventType.NodeDeleted, path));
            else if (found.Node.Mzxid > request.RelativeZxid)
                events.Add((WatcherEventType.NodeDataChanged, path));
            else
                replica.Watches.Add(WatchKind.Data, path, session, WatchModes.Standard);
        }

        return null;
    }

    private ReadOutcome? RearmExistWatches(ClientSession session, in SetWatches2 request, List<(WatcherEventType, string)> events)
    {
        foreach (var path in request.ExistWatches)
        {
            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNode(path);
            if (found.Node is not null)
                events.Add((WatcherEventType.NodeCreated, path));
            else
                replica.Watches.Add(WatchKind.Data, path, session, WatchModes.Standard);
        }

        return null;
    }

    private ReadOutcome? RearmChildWatches(ClientSession session, in SetWatches2 request, List<(WatcherEventType, string)> events)
    {
        foreach (var path in request.ChildWatches)
        {
            var found = replica.Find(path);
            if (found.Residency == Residency.NotResident)
                return ReadOutcome.NeedsZNode(path);
            if (found.Node is null)
                events.Add((WatcherEventType.NodeDeleted, path));
            else if (found.Node.Pzxid > request.RelativeZxid)
                events.Add((WatcherEventType.NodeChildrenChanged, path));
            else
                replica.Watches.Add(WatchKind.Children, path, session, WatchModes.Standard);
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
