using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>
/// The znodes that only one client writes must be exactly what its requests make of them. Requests whose answer was lost with their
/// connection may have taken effect, but only as requests of one session do: in order, so the first few of them and none after, a
/// multi as a whole. Ephemeral znodes are there as long as their session is, and go with it.
/// </summary>
internal static class OwnedNodes
{
    private static readonly HashSet<long> NoSessions = [];

    public static IEnumerable<string> Violations(
        IReadOnlyCollection<Operation> history, IReadOnlyDictionary<string, TreeNode> tree, IReadOnlySet<long>? expired = null) =>
        history
            .GroupBy(operation => operation.Client)
            .SelectMany(client => ViolationsOf(client.Key, [.. client], tree, expired ?? NoSessions));

    private static List<string> ViolationsOf(
        int client, Operation[] operations, IReadOnlyDictionary<string, TreeNode> tree, IReadOnlySet<long> expired)
    {
        var violations = new List<string>();
        var folder = LoadPaths.OwnedBy(client) + "/";
        var observed = tree.Where(node => node.Key.StartsWith(folder, StringComparison.Ordinal)).ToDictionary();
        var closed = operations
            .Where(operation => operation is { Kind: OperationKind.CloseSession, Outcome: Outcome.Acknowledged })
            .Select(operation => operation.SessionId)
            .Concat(expired)
            .ToHashSet();
        var certain = new ModelTree();
        var uncertain = new HashSet<string>();

        foreach (var connection in operations.Where(IsOwn).GroupBy(operation => operation.Connection))
        {
            foreach (var operation in connection.Where(operation => operation.IsAnswered))
            {
                // Who asked after it for what may or may not be there cannot know what the answer must be.
                if (operation.Outcome == Outcome.Unknown || uncertain.Contains(operation.Path))
                {
                    uncertain.UnionWith([operation.Path, operation.SecondPath]);
                    continue;
                }

                // The server could not write it, and says that it did not.
                if (operation.Error is ErrorCode.SystemError or ErrorCode.SessionMoved)
                    continue;

                var expected = certain.Apply(operation);
                if (expected != operation.Error)
                    violations.Add($"The answer must be {expected}:\n  {operation}");
            }

            var lost = connection.Where(operation => !operation.IsAnswered).ToArray();
            if (lost is [.., { Kind: OperationKind.CloseSession, Outcome: Outcome.Acknowledged }])
                certain = certain.With(lost);
            else if (lost.Length > 0)
            {
                var touched = lost
                    .SelectMany(operation => new[] { operation.Path, operation.SecondPath })
                    .Where(path => path != "")
                    .ToArray();
                uncertain.UnionWith(touched);
                if (!IsPrefixApplied(certain, lost, touched, observed, closed))
                    violations.Add(Describe(lost, touched, observed));
            }
        }

        foreach (var path in certain.Nodes.Keys.Union(observed.Keys).Except(uncertain))
        {
            var expected = certain.Nodes.GetValueOrDefault(path);
            if (!Agree(expected, observed.GetValueOrDefault(path), closed))
                violations.Add(DescribeNode(path, expected, observed, operations));
        }

        return violations;
    }

    private static bool IsOwn(Operation operation) =>
        operation.Kind == OperationKind.CloseSession || operation.Path.StartsWith(LoadPaths.Owned, StringComparison.Ordinal);

    private static bool IsPrefixApplied(
        ModelTree before, Operation[] lost, string[] touched, Dictionary<string, TreeNode> observed, HashSet<long> closed) =>
        Enumerable.Range(0, lost.Length + 1).Any(count =>
        {
            var after = before.With(lost.Take(count));
            return touched.All(path => Agree(after.Nodes.GetValueOrDefault(path), observed.GetValueOrDefault(path), closed));
        });

    private static bool Agree(ModelNode? expected, TreeNode? observed, HashSet<long> closed)
    {
        var isGone = expected is null || closed.Contains(expected.Owner);
        return isGone ? observed is null : observed is not null && expected!.Matches(observed);
    }

    private static string Describe(Operation[] lost, string[] touched, Dictionary<string, TreeNode> observed) =>
        $"No first few of these lost requests explain what is there:\n  {string.Join("\n  ", lost.AsEnumerable())}\n" +
        string.Join('\n', touched.Select(path => $"  there: {path} {observed.GetValueOrDefault(path)}"));

    private static string DescribeNode(
        string path, ModelNode? expected, Dictionary<string, TreeNode> observed, Operation[] operations) =>
        $"{path} must be {expected?.ToString() ?? "gone"} but is {observed.GetValueOrDefault(path)?.ToString() ?? "gone"}:\n  " +
        string.Join("\n  ", operations.Where(operation => operation.Path == path || operation.SecondPath == path));
}
