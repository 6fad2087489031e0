using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Transactions;

/// <summary>A transaction's operations as the protocol has them, and its results.</summary>
/// <param name="chroot">The path that the client sees as the root.</param>
/// <param name="operations">The operations.</param>
internal sealed class TransactionCodec(string chroot, TransactionOperation[] operations)
{
    /// <summary>The request.</summary>
    public MultiRequest Encode() => new([.. operations.Select(Encode)]);

    /// <summary>The results.</summary>
    /// <exception cref="TransactionFailedException">One of the operations could not be done.</exception>
    public IReadOnlyList<TransactionResult> Decode(in ReplyHeader header, ref JuteReader body)
    {
        var results = MultiResponse.Read(ref body).Results;
        for (var i = 0; i < results.Length; i++)
        {
            // Those before the one that failed say that nothing is wrong with them, those behind that they were not tried.
            if (results[i] is ErrorResult { Error: not (ErrorCode.Ok or ErrorCode.RuntimeInconsistency) and var error })
                throw new TransactionFailedException(i, operations[i], error.ToException(operations[i].Path, operations[i] is TransactionOperation.Create));
        }

        return [.. results.Select(Decode)];
    }

    private MultiOperation Encode(TransactionOperation operation) => operation switch
    {
        TransactionOperation.Create create => Encode(create),
        TransactionOperation.Delete delete => new DeleteOperation(new DeleteRequest(ToService(delete.Path), delete.Version)),
        TransactionOperation.SetData set => new SetDataOperation(new SetDataRequest(ToService(set.Path), set.Data.ToArray(), set.Version)),
        TransactionOperation.Check check => new CheckOperation(new CheckVersionRequest(ToService(check.Path), check.Version)),
        _ => throw new ArgumentException($"A transaction has no operation of type {operation.GetType()}.", nameof(operation)),
    };

    private MultiOperation Encode(TransactionOperation.Create create)
    {
        var options = create.Options;
        if (options.CreateParents)
            throw new ArgumentException($"A transaction creates no parents: {create.Path} says {nameof(CreateOptions.CreateParents)}.", nameof(create));

        var path = ToService(create.Path, options.Mode.IsSequential());
        var data = create.Data.ToArray();
        Acl[] acl = [.. options.Acl];
        var flags = (int)options.Mode;
        return options.Mode.IsTtl()
            ? new CreateTtlOperation(new CreateTtlRequest(path, data, acl, flags, (long)options.TimeToLive.TotalMilliseconds))
            : new CreateOperation(options.Mode.IsContainer() ? OpCode.CreateContainer : OpCode.Create2, new CreateRequest(path, data, acl, flags));
    }

    private TransactionResult Decode(MultiResult result, int index) => result switch
    {
        CreateResult created => new TransactionResult(ChrootPath.ToClient(chroot, created.Response.Path!), null),
        Create2Result created => new TransactionResult(ChrootPath.ToClient(chroot, created.Response.Path!), created.Response.Stat),
        SetDataResult set => new TransactionResult(operations[index].Path, set.Response.Stat),
        _ => new TransactionResult(operations[index].Path, null),
    };

    private string ToService(string path, bool isSequential = false) => ChrootPath.ToService(chroot, ChrootPath.Check(path, isSequential));
}
