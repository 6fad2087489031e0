using System.Text;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Makes a transaction of a request: decodes it, validates it against the speculative tree, and drafts its changes.</summary>
internal static class RequestValidation
{
    /// <summary>
    /// The transaction that a request makes, a failed one included; null when <paramref name="missingPaths"/> have to be loaded first,
    /// and then nothing has changed.
    /// </summary>
    public static Transaction? Validate(
        SpeculativeTree tree, string submitter, SubmittedRequest request, long zxid, long time, out IReadOnlyList<string>? missingPaths)
    {
        var draft = new TransactionDraft(tree, request, zxid, time);
        var results = Array.Empty<OperationResult>();
        Verdict verdict;
        try
        {
            verdict = HasMoved(tree, submitter, request) ? Verdict.Fails(ErrorCode.SessionMoved)
                : request.Operation == OpCode.Multi ? ValidateMulti(draft, out results)
                : ValidateSingle(draft, submitter);
        }
        catch (JuteFormatException)
        {
            results = [];
            verdict = Verdict.Fails(ErrorCode.MarshallingError);
        }

        missingPaths = verdict.MissingPaths;
        if (!verdict.IsOk)
            tree.RollBack();
        if (missingPaths is not null)
            return null;

        return new Transaction
        {
            Zxid = zxid,
            Time = time,
            SessionId = request.SessionId,
            Origin = new RequestOrigin(submitter, request.Number),
            Operation = request.Operation,
            // A multi that fails answers with its results; the request as such succeeds.
            Error = results.Length > 0 ? ErrorCode.Ok : verdict.Error,
            Changes = tree.Commit(zxid),
            Results = results,
            Opening = request.Operation == OpCode.CreateSession ? SessionOpeningCodec.Read(request.Body.Span) : null,
        };
    }

    /// <summary>
    /// Whether the request comes by way of a silo that the session has left (<see cref="Sessions.SessionOwnership"/>). Any silo may close a
    /// session: it may be the one where the session's grain is, and the session have expired.
    /// </summary>
    private static bool HasMoved(SpeculativeTree tree, string submitter, SubmittedRequest request) =>
        request.SessionId != 0
        && request.Operation is not (OpCode.CreateSession or OpCode.AttachSession or OpCode.CloseSession)
        && tree.OwnerOf(request.SessionId) is { } owner
        && owner != submitter;

    private static Verdict ValidateSingle(TransactionDraft draft, string submitter)
    {
        var reader = new JuteReader(draft.Request.Body.Span);
        switch (draft.Request.Operation)
        {
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer:
                return CreateValidation.Validate(draft, draft.Request.Operation, CreateRequest.Read(ref reader), ttl: -1);
            case OpCode.CreateTtl:
                return Validate(draft, CreateTtlRequest.Read(ref reader));
            case OpCode.Delete:
                return DeleteValidation.Validate(draft, DeleteRequest.Read(ref reader));
            case OpCode.SetData:
                return UpdateValidation.ValidateSetData(draft, SetDataRequest.Read(ref reader));
            case OpCode.SetAcl:
                return UpdateValidation.ValidateSetAcl(draft, SetAclRequest.Read(ref reader));
            case OpCode.DeleteContainer:
                return DeleteValidation.ValidateUnused(draft, PathRequest.Read(ref reader).Path!);
            case OpCode.CreateSession:
                draft.Tree.SetSession(draft.SessionId, isOpen: true, submitter, draft.Zxid);
                return Verdict.Ok;
            case OpCode.AttachSession:
                return AttachSession(draft, submitter);
            case OpCode.CloseSession:
                return CloseSession(draft);
            case OpCode.Reconfig:
                ReconfigRequest.Read(ref reader);
                return Verdict.Fails(ErrorCode.ReconfigDisabled);
            default:
                return Verdict.Fails(ErrorCode.Unimplemented);
        }
    }

    private static Verdict CloseSession(TransactionDraft draft)
    {
        var verdict = DeleteValidation.ValidateSessionClose(draft);
        if (verdict.IsOk)
            draft.Tree.SetSession(draft.SessionId, isOpen: false, owner: null, draft.Zxid);
        return verdict;
    }

    /// <summary>The body names the owner that the submitter knows; nothing when it knows none.</summary>
    private static Verdict AttachSession(TransactionDraft draft, string submitter)
    {
        if (!draft.IsSessionOpen)
            return Verdict.Fails(ErrorCode.SessionExpired);
        if (draft.Request.Body.Length > 0 && draft.Tree.OwnerOf(draft.SessionId) != Encoding.UTF8.GetString(draft.Request.Body.Span))
            return Verdict.Fails(ErrorCode.SessionMoved);

        draft.Tree.SetSession(draft.SessionId, isOpen: true, submitter, draft.Zxid);
        return Verdict.Ok;
    }

    private static Verdict Validate(TransactionDraft draft, in CreateTtlRequest request) =>
        CreateValidation.Validate(
            draft, OpCode.CreateTtl, new CreateRequest(request.Path, request.Data, request.Acl, request.Flags), request.Ttl);

    private static Verdict ValidateMulti(TransactionDraft draft, out OperationResult[] results)
    {
        var reader = new JuteReader(draft.Request.Body.Span);
        var request = MultiRequest.Read(ref reader);
        if (request.IsRead)
            throw new JuteFormatException("A multi cannot read; multiRead does.");

        var operations = request.Operations;
        results = new OperationResult[operations.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var verdict = Validate(draft, operations[i]);
            results[i] = new OperationResult(operations[i].ResultType, verdict.Error);
            if (verdict.MissingPaths is { } missing)
                return Verdict.Needs(draft.Tree.MissingOf([.. missing, .. operations[i..].SelectMany(PathsOf)]));
            if (!verdict.IsOk)
            {
                FailFrom(i + 1, operations, results);
                return verdict;
            }
        }

        return Verdict.Ok;
    }

    private static Verdict Validate(TransactionDraft draft, MultiOperation operation) => operation switch
    {
        CreateOperation create => CreateValidation.Validate(draft, CreatedBy(create.Request.Flags), create.Request, ttl: -1),
        CreateTtlOperation create => Validate(draft, create.Request),
        DeleteOperation delete => DeleteValidation.Validate(draft, delete.Request),
        SetDataOperation setData => UpdateValidation.ValidateSetData(draft, setData.Request),
        CheckOperation check => UpdateValidation.ValidateCheck(draft, check.Request),
        _ => throw new JuteFormatException($"A multi cannot {operation.Type}."),
    };

    /// <summary>The znodes that an operation looks at, as far as its request tells.</summary>
    private static IEnumerable<string> PathsOf(MultiOperation operation)
    {
        var (path, isParentNeeded, isSequential) = operation switch
        {
            CreateOperation create => (create.Request.Path, true, ((CreateMode)create.Request.Flags).IsSequential()),
            CreateTtlOperation create => (create.Request.Path, true, ((CreateMode)create.Request.Flags).IsSequential()),
            DeleteOperation delete => (delete.Request.Path, true, false),
            SetDataOperation setData => (setData.Request.Path, false, false),
            CheckOperation check => (check.Request.Path, false, false),
            _ => (null, false, false),
        };
        if (path is null)
            yield break;
        if (isParentNeeded && CreateValidation.TryGetParent(path, out var parentPath))
            yield return parentPath;
        if (!isSequential)
            yield return path;
    }

    // In a multi ZooKeeper goes by the flags, whatever the operation is called.
    private static OpCode CreatedBy(int flags) => (CreateMode)flags == CreateMode.Container ? OpCode.CreateContainer : OpCode.Create;

    private static void FailFrom(int index, MultiOperation[] operations, OperationResult[] results)
    {
        for (var i = index; i < operations.Length; i++)
            results[i] = new OperationResult(operations[i].ResultType, ErrorCode.RuntimeInconsistency);
    }
}
