using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Requests;

/// <summary>A request whose body is a record of the protocol.</summary>
/// <param name="operation">What is asked for.</param>
/// <param name="path">The znode, as the caller names it; null for none.</param>
/// <param name="record">The body.</param>
/// <param name="decode">Makes the result from the reply.</param>
/// <param name="answer">An error that is an answer too, and is decoded like one.</param>
internal sealed class RecordRequest<TRecord, TResult>(
    OpCode operation, string? path, TRecord record, ReplyDecoder<TResult> decode, ErrorCode answer = ErrorCode.Ok)
    : KeeperRequest(operation, path)
    where TRecord : IJuteWritable
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer.</summary>
    public Task<TResult> Result => _result.Task;

    public override bool IsCompleted => _result.Task.IsCompleted;

    protected override int BodySize => record.Size;

    /// <summary>Its caller has given up: an answer that still comes is dropped.</summary>
    public void Cancel(CancellationToken cancellationToken) => _result.TrySetCanceled(cancellationToken);

    public override void Complete(in ReplyHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Error != ErrorCode.Ok && header.Error != answer)
        {
            Fail(header.Error.ToException(Path, IsCreation));
            return;
        }

        try
        {
            var reader = new JuteReader(body);
            _result.TrySetResult(decode(header, ref reader));
        }
        catch (Exception exception) when (exception is JuteFormatException or KeeperException)
        {
            _result.TrySetException(exception);
        }
    }

    public override void Fail(KeeperException exception)
    {
        Watch?.Abandon();
        _result.TrySetException(exception);
    }

    protected override void WriteBody(ref JuteWriter writer) => record.Write(ref writer);
}
