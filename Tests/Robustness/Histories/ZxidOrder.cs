namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>
/// Every write has a zxid of its own, refused ones too. In the order of one connection's requests, and of all requests in real time,
/// they only grow; a read's zxid may stand still but never goes back. Where there are several servers, a read may be behind what another
/// server has answered already, unless a sync before it promises more.
/// </summary>
internal static class ZxidOrder
{
    /// <param name="history">The operations.</param>
    /// <param name="isCurrent">Which reads must show everything that was answered before; null for all.</param>
    public static IEnumerable<string> Violations(IReadOnlyCollection<Operation> history, Func<Operation, bool>? isCurrent = null)
    {
        var answered = history.Where(operation => operation.IsAnswered && operation.Zxid > 0).ToArray();
        return Repeated(answered).Concat(AgainstRealTime(answered, isCurrent)).Concat(AgainstConnectionOrder(answered));
    }

    private static IEnumerable<string> Repeated(Operation[] answered) =>
        from operation in answered
        where operation.IsWrite
        group operation by operation.Zxid into same
        where same.Count() > 1
        select $"Zxid 0x{same.Key:x} was given to several writes:\n  {string.Join("\n  ", same)}";

    private static IEnumerable<string> AgainstRealTime(Operation[] answered, Func<Operation, bool>? isCurrent)
    {
        var returns = answered.OrderBy(operation => operation.Returned).ToArray();
        var returned = 0;
        Operation? latest = null;
        foreach (var operation in answered.OrderBy(operation => operation.Invoked))
        {
            for (; returns[returned].Returned < operation.Invoked; returned++)
            {
                if (latest is null || returns[returned].Zxid > latest.Zxid)
                    latest = returns[returned];
            }

            var mustBeCurrent = operation.IsWrite || isCurrent is null || isCurrent(operation);
            if (latest is not null && mustBeCurrent && !IsAfter(operation, latest))
                yield return $"Sent after the answer to\n  {latest}\nbut has no later zxid:\n  {operation}";
        }
    }

    private static IEnumerable<string> AgainstConnectionOrder(Operation[] answered)
    {
        foreach (var connection in answered.GroupBy(operation => (operation.Client, operation.Connection)))
        {
            Operation? previous = null;
            foreach (var operation in connection.OrderBy(operation => operation.Invoked))
            {
                if (previous is not null && !IsAfter(operation, previous))
                    yield return $"Sent on the same connection after\n  {previous}\nbut has no later zxid:\n  {operation}";
                previous = operation;
            }
        }
    }

    private static bool IsAfter(Operation operation, Operation earlier) =>
        operation.IsWrite ? operation.Zxid > earlier.Zxid : operation.Zxid >= earlier.Zxid;
}
