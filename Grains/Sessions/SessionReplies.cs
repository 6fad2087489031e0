using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>Makes the replies to writes from the transactions that they made.</summary>
internal static class SessionReplies
{
    /// <summary>The reply to a write that is decided.</summary>
    public static void WriteDecision(ISessionOutput output, PendingRequest request)
    {
        if (request.Decision is not { } transaction)
        {
            ReplyWriter.WriteHeader(output, request.Xid, 0, request.Rejection);
            return;
        }

        if (transaction.Error != ErrorCode.Ok)
        {
            ReplyWriter.WriteHeader(output, request.Xid, transaction.Zxid, transaction.Error);
            return;
        }

        WriteSuccess(output, request, transaction);
    }

    /// <summary>The reply to an auth or sasl packet; as ZooKeeper's, it is as of no zxid.</summary>
    public static void WriteAcknowledgement(ISessionOutput output, OpCode operation, int xid)
    {
        // A server without SASL answers with a null token; clients then go on without it.
        if (operation == OpCode.Sasl)
            ReplyWriter.Write(output, xid, 0, new SaslResponse(null));
        else
            ReplyWriter.WriteHeader(output, xid, 0, ErrorCode.Ok);
    }

    private static void WriteSuccess(ISessionOutput output, PendingRequest request, Transaction transaction)
    {
        var (xid, zxid) = (request.Xid, transaction.Zxid);
        switch (request.Operation)
        {
            case OpCode.Create:
                ReplyWriter.Write(output, xid, zxid, new CreateResponse(transaction.Changes[0].Path));
                break;
            case OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl:
                var created = transaction.Changes[0];
                ReplyWriter.Write(output, xid, zxid, new Create2Response(created.Path, created.Node.Stat));
                break;
            case OpCode.SetData:
                ReplyWriter.Write(output, xid, zxid, new SetDataResponse(transaction.Changes[0].Node.Stat));
                break;
            case OpCode.SetAcl:
                ReplyWriter.Write(output, xid, zxid, new SetAclResponse(transaction.Changes[0].Node.Stat));
                break;
            case OpCode.Multi:
                ReplyWriter.Write(output, xid, zxid, new MultiResponse(ResultsOf(transaction)));
                break;
            default:
                ReplyWriter.WriteHeader(output, xid, zxid, ErrorCode.Ok);
                break;
        }
    }

    private static MultiResult[] ResultsOf(Transaction transaction)
    {
        var hasFailed = transaction.Results.Any(result => result.Error != ErrorCode.Ok);
        var results = new MultiResult[transaction.Results.Length];
        var nextChange = 0;
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = hasFailed
                ? new ErrorResult(new ErrorResponse(transaction.Results[i].Error))
                : ResultOf(transaction, transaction.Results[i].Operation, ref nextChange);
        }

        return results;
    }

    /// <summary>The result of one operation of a multi, from its changes: a create or delete has its parent's behind its own.</summary>
    private static MultiResult ResultOf(Transaction transaction, OpCode operation, ref int nextChange)
    {
        const int WithParent = 2;
        switch (operation)
        {
            case OpCode.Create:
                var created = transaction.Changes[nextChange];
                nextChange += WithParent;
                return new CreateResult(new CreateResponse(created.Path));
            case OpCode.Create2:
                var createdWithStat = transaction.Changes[nextChange];
                nextChange += WithParent;
                return new Create2Result(new Create2Response(createdWithStat.Path, createdWithStat.Node.Stat));
            case OpCode.Delete:
                nextChange += WithParent;
                return new DeleteResult();
            case OpCode.SetData:
                return new SetDataResult(new SetDataResponse(transaction.Changes[nextChange++].Node.Stat));
            default:
                return new CheckResult();
        }
    }
}
