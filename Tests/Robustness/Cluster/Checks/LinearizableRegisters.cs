using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Linearizability;
using OrleansKeeper.Tests.Robustness.Load;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// Writes, compare-and-sets and synced reads of each register, by clients of all silos, are linearizable. It goes by what was asked, what
/// was answered and when, not by zxids.
/// </summary>
internal static class LinearizableRegisters
{
    public static IEnumerable<string> Violations(ClusterRecord run) => run.Tree.Keys
        .Where(path => path.StartsWith(LoadPaths.Registers + "/", StringComparison.Ordinal))
        .SelectMany(register => ViolationsOf(register, run));

    private static IEnumerable<string> ViolationsOf(string register, ClusterRecord run)
    {
        var operations = run.Operations.Where(operation => operation.Path == register || operation.SecondPath == register).ToArray();
        foreach (var refused in operations.Where(operation => operation.Outcome == Outcome.Refused && !IsRefusable(operation)))
            yield return $"Refused without a reason:\n  {refused}";

        var last = run.Tree[register];
        var checker = new LinearizabilityChecker<RegisterState, RegisterCall>(new RegisterModel(Seen(register, operations, last)));
        foreach (var operation in operations)
        {
            if (CallOf(register, operation) is { } call)
                checker.Add(call, operation.Invoked, call.IsKnown ? operation.Returned : long.MaxValue);
        }

        checker.Add(
            new RegisterCall(IsWrite: false, last.Data, -1, IsKnown: true, last.Stat.Version, $"at the end: '{last.Data}' {last.Stat}"),
            long.MaxValue - 2,
            long.MaxValue - 1);
        if (checker.Check() is { } stuck)
            yield return $"{register} is not linearizable. {stuck}";
    }

    // A compare-and-set may have been too late, and a silo without its database says that it wrote nothing.
    private static bool IsRefusable(Operation operation) =>
        operation.Error is ErrorCode.SystemError or ErrorCode.SessionMoved
        || (operation.Error == ErrorCode.BadVersion && operation is { Kind: OperationKind.SetData, ExpectedVersion: >= 0 });

    private static RegisterCall? CallOf(string register, Operation operation) => (operation.Kind, operation.Outcome) switch
    {
        (OperationKind.SetData or OperationKind.SetBoth, Outcome.Acknowledged) =>
            new RegisterCall(true, operation.Data, operation.ExpectedVersion, true, VersionOf(register, operation), operation),
        (OperationKind.SetData or OperationKind.SetBoth, Outcome.Unknown) =>
            new RegisterCall(true, operation.Data, operation.ExpectedVersion, false, null, operation),
        (OperationKind.SetData, Outcome.Refused) when operation.Error == ErrorCode.BadVersion =>
            new RegisterCall(true, operation.Data, operation.ExpectedVersion, true, null, operation),
        (OperationKind.SyncAndGetData, Outcome.Acknowledged) when ServerKind.UnderTest.HasLinearizableSync =>
            new RegisterCall(false, operation.ResultData, -1, true, operation.ResultVersion, operation),
        _ => null,
    };

    private static Dictionary<int, string> Seen(string register, Operation[] operations, TreeNode last)
    {
        var seen = new Dictionary<int, string> { [last.Stat.Version] = last.Data };
        foreach (var operation in operations.Where(operation => operation.Outcome == Outcome.Acknowledged))
            seen.TryAdd(VersionOf(register, operation), operation.IsWrite ? operation.Data : operation.ResultData);
        return seen;
    }

    private static int VersionOf(string register, Operation operation) =>
        operation.SecondPath == register ? operation.SecondVersion : operation.ResultVersion;
}
