using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Transactions;

/// <summary>What became of one operation of a multi.</summary>
/// <param name="Operation">The operation that was asked for.</param>
/// <param name="Error">Its own error; <see cref="ErrorCode.RuntimeInconsistency"/> for those behind the one that failed.</param>
internal readonly record struct OperationResult(OpCode Operation, ErrorCode Error);
