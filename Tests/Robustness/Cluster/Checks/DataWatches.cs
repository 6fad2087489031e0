using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// Watches that fire once. From the read that set one, or from when it was set again on the next connection, the first change is told
/// before any answer that knows of it, once, and nothing is told without a watch. A change that meets the read which sets a watch may be
/// told just before that is answered; then the answer shows the change, and the watch is there for the next one.
/// </summary>
internal static class DataWatches
{
    /// <summary>Which watches are left when a connection has ended, by what was asked and heard on it.</summary>
    public static (string[] Armed, List<string> Violations) Follow(
        IReadOnlyCollection<Operation> onConnection, EventRecord[] events, KnownChanges? changes = null)
    {
        var violations = new List<string>();
        // The state that the client saw when it set the watch. Behind it nothing may be missed.
        var armed = new Dictionary<string, long>();
        var heard = 0;
        foreach (var operation in onConnection.OrderBy(operation => operation.Invoked))
        {
            if (operation.Kind == OperationKind.SetWatches)
            {
                foreach (var path in operation.Data.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    armed[path] = long.MaxValue;
            }

            if (!operation.IsAnswered)
                continue;

            for (; heard < operation.EventsBefore && heard < events.Length; heard++)
                Hear(heard);
            if (operation is { Kind: OperationKind.GetDataAndWatch, Outcome: Outcome.Acknowledged })
                armed.TryAdd(operation.Path, operation.ShownZxid);
            if (operation is { Kind: OperationKind.SetWatches, Outcome: Outcome.Acknowledged })
                Rearm(operation);
            FindMissed(operation);
        }

        for (; heard < events.Length; heard++)
            Hear(heard);
        return ([.. armed.Keys], violations);

        void Hear(int index)
        {
            var heardEvent = events[index];
            if (heardEvent.Type != WatcherEventType.NodeDataChanged)
                return;
            if (!armed.Remove(heardEvent.Path, out var state))
            {
                violations.Add($"Told without a watch: {heardEvent}");
            }
            else if (changes is not null && state != long.MaxValue && heardEvent.Zxid > 0
                && KnownChanges.FirstAfter(changes.OfData(heardEvent.Path), state) is { } first && first.Zxid < heardEvent.Zxid)
                violations.Add($"{heardEvent} was told instead of the change before it, behind 0x{state:x}:\n  {first.Operation}");
        }

        // What had changed until then was told before the answer.
        void Rearm(Operation setWatches)
        {
            foreach (var path in armed.Keys.ToArray())
                armed[path] = setWatches.Zxid;
        }

        void FindMissed(Operation answered)
        {
            if (changes is null)
                return;

            foreach (var (path, state) in armed)
            {
                if (state != long.MaxValue
                    && KnownChanges.FirstAfter(changes.OfData(path), state) is { } missed && missed.Zxid <= answered.Zxid)
                {
                    violations.Add($"Not told of\n  {missed.Operation}\nbehind 0x{state:x} before the answer to\n  {answered}");
                    armed[path] = answered.Zxid;
                }
            }
        }
    }

    public static IEnumerable<string> Violations(ClusterRecord run, KnownChanges changes)
    {
        var ofConnection = run.Operations.ToLookup(operation => (operation.Client, operation.Connection));
        var ofSession = run.Operations.ToLookup(operation => operation.SessionId);
        foreach (var connection in run.Connections)
        {
            Operation[] own = [.. ofConnection[(connection.Client, connection.Connection)]];
            foreach (var violation in Follow(own, connection.Events, changes).Violations)
                yield return $"On {connection}: {violation}";
            foreach (var violation in MissedMeanwhile(own, connection, ofSession[connection.SessionId], changes))
                yield return $"On {connection}: {violation}";
        }
    }

    // A watch that is set again is owed what happened behind the last answer that the client had got.
    private static IEnumerable<string> MissedMeanwhile(
        Operation[] onConnection, ConnectionRecord connection, IEnumerable<Operation> ofSession, KnownChanges changes)
    {
        if (onConnection.FirstOrDefault() is not { Kind: OperationKind.SetWatches, Outcome: Outcome.Acknowledged } again)
            yield break;

        var seen = ofSession
            .Where(operation => operation.IsAnswered && operation.Invoked < again.Invoked)
            .Select(operation => operation.Zxid)
            .DefaultIfEmpty()
            .Max();
        var told = connection.Events.Take(again.EventsBefore).Select(heard => heard.Path).ToHashSet();
        foreach (var path in again.Data.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(path => !told.Contains(path)))
        {
            if (KnownChanges.FirstAfter(changes.OfData(path), seen) is { } missed && missed.Zxid <= again.Zxid)
                yield return $"Not told of what happened while the client was away, behind 0x{seen:x}:\n  {missed.Operation}\n  {again}";
        }
    }
}
