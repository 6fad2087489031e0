using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Answers reads from the replica, on the caller's thread, straight into the session's output. A reply's header says as of which
/// zxid it is. Called under the session's lock, so that an event of a watch set here cannot overtake the reply.
/// </summary>
internal sealed partial class SessionReads(Replica replica, IOptions<KeeperOptions> options)
{
    private const int PathCharsOnStack = 256;
    private const int UsualNameBytes = 32;

    /// <summary>So many znodes are counted where the request is answered; more keep other clients waiting.</summary>
    private const int MostToCountAtOnce = 1000;

    private readonly long _maxWatches = options.Value.MaxWatches;

    /// <summary>Whether this class answers an operation.</summary>
    public static bool IsRead(OpCode operation) => operation is
        OpCode.Exists or OpCode.GetData or OpCode.GetAcl or OpCode.GetChildren or OpCode.GetChildren2 or OpCode.Sync or OpCode.Ping
        or OpCode.MultiRead or OpCode.SetWatches or OpCode.SetWatches2 or OpCode.AddWatch or OpCode.CheckWatches or OpCode.RemoveWatches
        or OpCode.GetEphemerals or OpCode.GetAllChildrenNumber or OpCode.WhoAmI;

    /// <summary>The zxid as of which replies are.</summary>
    public long Watermark => replica.Watermark;

    /// <summary>Answers a read, or says what it waits for; then nothing is written.</summary>
    /// <param name="session">The session that asks.</param>
    /// <param name="operation">What it asks.</param>
    /// <param name="xid">The request's number.</param>
    /// <param name="body">The request's record.</param>
    /// <param name="waited">The request, when it has waited and may have what it waited for.</param>
    /// <exception cref="JuteFormatException">The body is not such a request.</exception>
    public ReadOutcome Answer(ClientSession session, OpCode operation, int xid, ReadOnlySpan<byte> body, PendingRequest? waited = null)
    {
        var reader = new JuteReader(body);
        switch (operation)
        {
            case OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2:
                return AnswerPath(session, operation, xid, ref reader);
            case OpCode.GetAcl:
                return AnswerGetAcl(session, xid, PathOf(PathRequest.Read(ref reader).Path));
            case OpCode.Ping:
                ReplyWriter.WriteHeader(session.Output, WellKnownXids.Ping, replica.Watermark, ErrorCode.Ok);
                return ReadOutcome.Answered;
            case OpCode.Sync:
                // Its turn has come behind the session's writes; what else was acknowledged to anybody, the ledger says.
                if (waited is not { IsSynced: true })
                    return ReadOutcome.NeedsSync;
                ReplyWriter.Write(session.Output, xid, replica.Watermark, new PathResponse(PathRequest.Read(ref reader).Path));
                return ReadOutcome.Answered;
            case OpCode.MultiRead:
                return AnswerMultiRead(session, xid, MultiRequest.Read(ref reader));
            case OpCode.SetWatches:
                return AnswerSetWatches(session, xid, FromSetWatches(SetWatches.Read(ref reader)));
            case OpCode.SetWatches2:
                return AnswerSetWatches(session, xid, SetWatches2.Read(ref reader));
            case OpCode.AddWatch:
                return AnswerAddWatch(session, xid, AddWatchRequest.Read(ref reader));
            case OpCode.CheckWatches:
                return AnswerCheckWatches(session, xid, WatcherTypeRequest.Read(ref reader), remove: false);
            case OpCode.RemoveWatches:
                return AnswerCheckWatches(session, xid, WatcherTypeRequest.Read(ref reader), remove: true);
            case OpCode.GetEphemerals:
                return AnswerGetEphemerals(session, xid, PathRequest.Read(ref reader).Path);
            case OpCode.GetAllChildrenNumber:
                return AnswerGetAllChildrenNumber(session, xid, PathOf(PathRequest.Read(ref reader).Path), waited?.Count);
            case OpCode.WhoAmI:
                return AnswerWhoAmI(session, xid);
            default:
                throw new InvalidOperationException($"{operation} is not a read.");
        }
    }

    /// <summary>Whether a read can be answered from memory, as far as one can tell before its turn.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="body">The request's record.</param>
    /// <param name="replyBytes">An estimate of the reply's bytes is added to this.</param>
    public bool IsResident(OpCode operation, ReadOnlySpan<byte> body, ref long replyBytes)
    {
        if (!IsOfOneZNode(operation))
            return operation is not (OpCode.SetWatches or OpCode.SetWatches2 or OpCode.MultiRead or OpCode.GetAllChildrenNumber);

        var found = replica.Find(PathOf(body, stackalloc char[PathCharsOnStack]));
        if (found.Residency != Residency.Present)
            return found.Residency == Residency.Absent;

        var node = found.Node!;
        switch (operation)
        {
            case OpCode.GetData:
                replyBytes += node.DataLength;
                return node.IsDataResident;
            case OpCode.GetChildren or OpCode.GetChildren2:
                replyBytes += (long)node.NumChildren * UsualNameBytes;
                return !AreChildrenMissing(found);
            default:
                return true;
        }
    }

    /// <summary>The znode that a read will have to wait for; null when it is in memory, or when only the read's turn can tell.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="body">The request's record.</param>
    /// <exception cref="JuteFormatException">The body is not such a request.</exception>
    public string? MissingZNode(OpCode operation, ReadOnlySpan<byte> body)
    {
        if (!IsOfOneZNode(operation))
            return null;

        var path = PathOf(body, stackalloc char[PathCharsOnStack]);
        return IsMissing(replica.Find(path), operation == OpCode.GetData) ? path.ToString() : null;
    }

    private static bool IsMissing(in Found found, bool isDataAsked) =>
        found.Residency == Residency.NotResident || (isDataAsked && found.Node is { IsDataResident: false });

    private static bool AreChildrenMissing(in Found found) => found is { Node.NumChildren: > 0, Place.Children: not { IsComplete: true } };

    /// <summary>Whether a request begins with a path and is answered from that znode alone.</summary>
    private static bool IsOfOneZNode(OpCode operation) => operation is
        OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 or OpCode.GetAcl;

    /// <summary>The path that a request begins with; see <see cref="Decode"/>.</summary>
    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<byte> body, Span<char> buffer)
    {
        var reader = new JuteReader(body);
        return Decode(reader.ReadStringSpan(out var isNull), isNull, buffer);
    }

    private static string PathOf(string? path) => path ?? throw new JuteFormatException("The path is null.");

    /// <summary>A path's characters; of one that is short and ASCII in the buffer, without allocating.</summary>
    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> path, bool isNull, Span<char> buffer)
    {
        if (isNull)
            throw new JuteFormatException("The path is null.");
        if (path.Length <= buffer.Length && Ascii.ToUtf16(path, buffer, out var length) == OperationStatus.Done)
            return buffer[..length];

        return JuteString.Decode(path);
    }

    private ReadOutcome AnswerPath(ClientSession session, OpCode operation, int xid, ref JuteReader reader)
    {
        Span<char> buffer = stackalloc char[PathCharsOnStack];
        var path = Decode(reader.ReadStringSpan(out var isNull), isNull, buffer);
        if (!reader.ReadBoolean())
            return AnswerPath(session, operation, xid, path);

        if (IsBeyondLimit(added: 1))
            return Refuse(session, xid, replica.Watermark, ErrorCode.ThrottledOp);

        return AnswerAndWatch(session, operation, xid, path.ToString());
    }

    private ReadOutcome AnswerPath(ClientSession session, OpCode operation, int xid, ReadOnlySpan<char> path) => operation switch
    {
        OpCode.Exists => AnswerExists(session, xid, path),
        OpCode.GetData => AnswerGetData(session, xid, path),
        _ => AnswerGetChildren(session, operation, xid, path),
    };

    private ReadOutcome AnswerExists(ClientSession session, int xid, ReadOnlySpan<char> path)
    {
        if (path.Contains('\0'))
            return Refuse(session, xid, replica.Watermark, ErrorCode.BadArguments);

        var found = replica.Find(path);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path.ToString());
        if (MayNotRead(session, found, out var error))
            return Refuse(session, xid, found.Watermark, error);

        ReplyWriter.Write(session.Output, xid, found.Watermark, new ExistsResponse(found.Node!.Stat));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerGetData(ClientSession session, int xid, ReadOnlySpan<char> path)
    {
        var found = replica.Find(path);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path.ToString());
        if (MayNotRead(session, found, out var error))
            return Refuse(session, xid, found.Watermark, error);
        if (!found.Node!.IsDataResident)
            return ReadOutcome.NeedsZNodes(path.ToString());

        ReplyWriter.Write(session.Output, xid, found.Watermark, new GetDataResponse(found.Node.Data, found.Node.Stat));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerGetChildren(ClientSession session, OpCode operation, int xid, ReadOnlySpan<char> path)
    {
        var listing = ChildNames.List(replica.Tree, path, out var found, out var wasMade);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path.ToString());
        if (MayNotRead(session, found, out var error))
            return Refuse(session, xid, found.Watermark, error);
        if (listing is null)
            return ReadOutcome.NeedsChildren(path.ToString());

        if (wasMade)
            replica.ListingMade(found.Place!);
        var stat = operation == OpCode.GetChildren2 ? found.Node!.Stat : (Stat?)null;
        ReplyWriter.Write(session.Output, xid, found.Watermark, new EncodedChildren(listing, stat));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerGetAcl(ClientSession session, int xid, string path)
    {
        var found = replica.Find(path);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path);
        if (found.Node is not { } node)
            return Refuse(session, xid, found.Watermark, ErrorCode.NoNode);
        if (!AccessControl.Allows(node.Acl, Permissions.Read | Permissions.Admin, session.Identities))
            return Refuse(session, xid, found.Watermark, ErrorCode.NoAuth);

        var mayAdminister = AccessControl.Allows(node.Acl, Permissions.Admin, session.Identities);
        var entries = mayAdminister ? node.Acl.Entries.ToArray() : AccessControl.WithoutDigests(node.Acl);
        ReplyWriter.Write(session.Output, xid, found.Watermark, new GetAclResponse(entries, node.Stat));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerMultiRead(ClientSession session, int xid, MultiRequest request)
    {
        if (request.Operations.Length > 0 && !request.IsRead)
            throw new JuteFormatException("A multiRead cannot write; multi does.");

        var results = new MultiResult[request.Operations.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var outcome = request.Operations[i] switch
            {
                GetDataOperation getData => Read(session, getData.Request, out results[i]),
                GetChildrenOperation getChildren => ReadChildren(session, getChildren.Request, out results[i]),
                var other => throw new JuteFormatException($"A multiRead cannot {other.Type}."),
            };
            if (outcome.State != ReadState.Answered)
                return AllMissing(request, outcome);
        }

        ReplyWriter.Write(session.Output, xid, replica.Watermark, new MultiResponse(results));
        return ReadOutcome.Answered;
    }

    /// <summary>Everything that a request waits for in the way in which its first part does that cannot be answered.</summary>
    private ReadOutcome AllMissing(MultiRequest request, ReadOutcome first)
    {
        var isOfZNodes = first.State == ReadState.NeedsZNodes;
        var paths = new HashSet<string>(first.MissingPaths);
        foreach (var operation in request.Operations)
        {
            var (path, isMissing) = operation switch
            {
                GetDataOperation { Request.Path: { } of } => (of, isOfZNodes && IsMissing(replica.Find(of), isDataAsked: true)),
                GetChildrenOperation { Request.Path: { } of } when isOfZNodes => (of, IsMissing(replica.Find(of), isDataAsked: false)),
                GetChildrenOperation { Request.Path: { } of } => (of, AreChildrenMissing(replica.Find(of))),
                _ => ("", false),
            };
            if (isMissing)
                paths.Add(path);
        }

        return first with { MissingPaths = [.. paths] };
    }

    private ReadOutcome Read(ClientSession session, in PathWatchRequest request, out MultiResult result)
    {
        result = null!;
        var path = PathOf(request.Path);
        var found = replica.Find(path);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path);
        if (MayNotRead(session, found, out var error))
            result = new ErrorResult(new ErrorResponse(error));
        else if (!found.Node!.IsDataResident)
            return ReadOutcome.NeedsZNodes(path);
        else
            result = new GetDataResult(new GetDataResponse(found.Node.Data, found.Node.Stat));
        return ReadOutcome.Answered;
    }

    private ReadOutcome ReadChildren(ClientSession session, in PathWatchRequest request, out MultiResult result)
    {
        result = null!;
        var path = PathOf(request.Path);
        var names = ChildNames.Read(replica.Tree, path, out var found);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path);
        if (MayNotRead(session, found, out var error))
            result = new ErrorResult(new ErrorResponse(error));
        else if (names is null && found.Node!.NumChildren > 0)
            return ReadOutcome.NeedsChildren(path);
        else
            result = new GetChildrenResult(new GetChildrenResponse(names is null ? [] : [.. names]));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerGetEphemerals(ClientSession session, int xid, string? prefix)
    {
        var paths = replica.Ephemerals.PathsOf(session.SessionId);
        if (!string.IsNullOrWhiteSpace(prefix) && prefix != ZNodePath.Root)
            paths = Array.FindAll(paths, path => path.StartsWith(prefix, StringComparison.Ordinal));
        ReplyWriter.Write(session.Output, xid, replica.Watermark, new GetEphemeralsResponse(paths));
        return ReadOutcome.Answered;
    }

    private ReadOutcome AnswerGetAllChildrenNumber(ClientSession session, int xid, string path, long? counted)
    {
        var found = replica.Find(path);
        if (found.Residency == Residency.NotResident)
            return ReadOutcome.NeedsZNodes(path);
        if (MayNotRead(session, found, out var error))
            return Refuse(session, xid, found.Watermark, error);

        if ((counted ?? CountInMemory(path)) is not { } count)
            return ReadOutcome.NeedsCount(path);

        ReplyWriter.Write(session.Output, xid, found.Watermark, new GetAllChildrenNumberResponse((int)count));
        return ReadOutcome.Answered;
    }

    private long? CountInMemory(string path)
    {
        if (path == ZNodePath.Root)
            return replica.ZNodeCount - 1;

        return DescendantCount.TryRead(replica.Tree, path, MostToCountAtOnce, out var count) ? count : null;
    }

    private ReadOutcome AnswerWhoAmI(ClientSession session, int xid)
    {
        var infos = session.Identities.Select(id => new ClientInfo(id.Scheme, UserOf(id))).ToArray();
        ReplyWriter.Write(session.Output, xid, replica.Watermark, new WhoAmIResponse(infos));
        return ReadOutcome.Answered;
    }

    private static string UserOf(Protocol.Id id) => id.Scheme switch
    {
        Authentication.Digest => id.Identity!.Split(':', 2)[0],
        Authentication.Ip => id.Identity!,
        _ => "",
    };

    private static bool MayNotRead(ClientSession session, in Found found, out ErrorCode error)
    {
        error = found.Node is null ? ErrorCode.NoNode
            : AccessControl.Allows(found.Node.Acl, Permissions.Read, session.Identities) ? ErrorCode.Ok
            : ErrorCode.NoAuth;
        return error != ErrorCode.Ok;
    }

    private static ReadOutcome Refuse(ClientSession session, int xid, long zxid, ErrorCode error)
    {
        ReplyWriter.WriteHeader(session.Output, xid, zxid, error);
        return ReadOutcome.Answered;
    }
}
