using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// The persistent recursive watch on the members: from the answer that it is set, every change is told on this connection, once, in the
/// order of the zxids, and before any answer that knows of it. What happened between two connections is not told.
/// </summary>
internal static class RecursiveWatches
{
    public static IEnumerable<string> Violations(ClusterRecord run, KnownChanges changes)
    {
        var operations = run.Operations.ToLookup(operation => (operation.Client, operation.Connection));
        var attempts = run.Operations
            .Where(operation => KnownChanges.IsMember(operation.Path) && operation.Outcome != Outcome.Refused)
            .ToLookup(operation => (operation.Path, Type: TypeOf(operation)));
        foreach (var connection in run.Connections)
        {
            var events = connection.Events.Where(heard => KnownChanges.IsMember(heard.Path)).ToArray();
            foreach (var violation in Disordered(events).Concat(Unfounded(events)).Concat(Missed(connection)))
                yield return $"On {connection}: {violation}";
        }

        IEnumerable<string> Unfounded(EventRecord[] events)
        {
            foreach (var heard in events)
            {
                var causes = attempts[(heard.Path, heard.Type)].ToArray();
                if (causes.Length == 0)
                    yield return $"Nobody did what this tells: {heard}";
                else if (heard.Zxid > 0 && !causes.Any(cause => cause.Outcome == Outcome.Unknown || cause.Zxid == heard.Zxid))
                    yield return $"{heard} has another zxid than\n  {causes[0]}";
            }
        }

        IEnumerable<string> Missed(ConnectionRecord connection)
        {
            Operation[] answered =
            [
                .. operations[(connection.Client, connection.Connection)]
                    .Where(operation => operation.IsAnswered)
                    .OrderBy(operation => operation.Invoked),
            ];
            if (answered is not [{ Kind: OperationKind.AddWatch or OperationKind.SetWatches, Outcome: Outcome.Acknowledged } begin, ..])
                yield break;

            var heard = new HashSet<(string, WatcherEventType)>();
            var at = 0;
            var next = KnownChanges.FirstIndexAfter(changes.OfMembers, begin.Zxid);
            foreach (var answer in answered)
            {
                for (; at < answer.EventsBefore && at < connection.Events.Length; at++)
                    heard.Add((connection.Events[at].Path, connection.Events[at].Type));
                for (; next < changes.OfMembers.Length && changes.OfMembers[next].Zxid <= answer.Zxid; next++)
                {
                    var change = changes.OfMembers[next].Operation;
                    if (!heard.Contains((change.Path, TypeOf(change))))
                        yield return $"Not told of\n  {change}\nbefore the answer to\n  {answer}";
                }
            }
        }
    }

    // A member is created and deleted once, so an event that comes again is one that was told twice.
    private static IEnumerable<string> Disordered(EventRecord[] events)
    {
        var told = new HashSet<(string, WatcherEventType)>();
        EventRecord? previous = null;
        foreach (var heard in events)
        {
            if (!told.Add((heard.Path, heard.Type)))
                yield return $"Told twice: {heard}";
            if (previous is not null && heard.Zxid > 0 && heard.Zxid <= previous.Zxid)
                yield return $"{heard} was told after {previous}.";
            previous = heard;
        }
    }

    private static WatcherEventType TypeOf(Operation operation) =>
        operation.Kind == OperationKind.Delete ? WatcherEventType.NodeDeleted : WatcherEventType.NodeCreated;
}
