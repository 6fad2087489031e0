namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>
/// Looks for an order of the operations that explains every result, in which whatever returned before something else was called comes
/// before it: the search of Wing and Gong with Lowe's memory of what was tried, as in Porcupine. An operation that never returned may
/// have happened at any time after its call, or not at all.
/// </summary>
internal sealed class LinearizabilityChecker<TState, TOperation>(ISequentialModel<TState, TOperation> model)
    where TState : struct, IEquatable<TState>
{
    // Far above what a history that is in order needs: the search goes nearly straight through it.
    private const int MostConfigurations = 20_000_000;

    private readonly List<(TOperation Operation, long Called, long Returned)> _operations = [];

    /// <param name="operation">With its result, if it has one.</param>
    /// <param name="called">When it was called.</param>
    /// <param name="returned">When it returned; the greatest number when it never did.</param>
    public void Add(TOperation operation, long called, long returned) => _operations.Add((operation, called, returned));

    /// <summary>Null when there is such an order; otherwise where the search got stuck: what no order explains, in a few lines.</summary>
    public string? Check()
    {
        var head = BuildList(out var unexplained);
        var marks = Marks();
        var tried = new HashSet<(UInt128 Done, TState State)>();
        var done = new Stack<(CallEntry<TOperation> Entry, TState Before)>();
        var set = UInt128.Zero;
        var state = model.Initial;
        var best = int.MaxValue;
        var stuck = "";
        for (var entry = head.Next; unexplained > 0;)
        {
            if (entry is { IsCall: true })
            {
                if (model.Apply(state, entry.Operation) is { } after && tried.Add((set + marks[entry.Number], after)))
                {
                    if (tried.Count > MostConfigurations)
                        return $"Undecided after {MostConfigurations} configurations.";
                    done.Push((entry, state));
                    state = after;
                    set += marks[entry.Number];
                    entry.Lift();
                    unexplained -= entry.Return is null ? 0 : 1;
                    entry = head.Next;
                }
                else
                    entry = entry.Next;

                continue;
            }

            // This operation returned, so it must have its place in the order before whatever was called later.
            if (unexplained < best)
            {
                best = unexplained;
                stuck = Describe(head, entry, state, done);
            }

            if (!done.TryPop(out var last))
                return stuck;
            entry = last.Entry;
            state = last.Before;
            set -= marks[entry.Number];
            unexplained += entry.Return is null ? 0 : 1;
            entry.Unlift();
            entry = entry.Next;
        }

        return null;
    }

    // A set of operations is known by the sum of their marks; those that can stand for each other have the same.
    private UInt128[] Marks()
    {
        var random = new Random(1);
        var ofInterchangeable = Mark();
        return [.. _operations.Select(call => model.IsInterchangeable(call.Operation) ? ofInterchangeable : Mark())];

        UInt128 Mark() => new((ulong)random.NextInt64(), (ulong)random.NextInt64());
    }

    private CallEntry<TOperation> BuildList(out int returned)
    {
        var entries = new List<(long At, CallEntry<TOperation> Entry)>();
        foreach (var (operation, called, _) in _operations)
            entries.Add((called, new CallEntry<TOperation>(entries.Count, operation, isCall: true)));

        returned = 0;
        for (var i = 0; i < _operations.Count; i++)
        {
            var (operation, _, returnedAt) = _operations[i];
            if (returnedAt == long.MaxValue)
                continue;

            returned++;
            var call = entries[i].Entry;
            call.Return = new CallEntry<TOperation>(call.Number, operation, isCall: false);
            entries.Add((returnedAt, call.Return));
        }

        var head = new CallEntry<TOperation>(-1, default!, isCall: false);
        var previous = head;
        foreach (var (_, entry) in entries.OrderBy(entry => entry.At))
        {
            (previous.Next, entry.Previous) = (entry, previous);
            previous = entry;
        }

        return head;
    }

    private static string Describe(
        CallEntry<TOperation> head, CallEntry<TOperation>? blocked, TState state, Stack<(CallEntry<TOperation> Entry, TState)> done)
    {
        const int Shown = 5;
        var open = new List<string>();
        for (var entry = head.Next; entry is { IsCall: true } && open.Count < 2 * Shown; entry = entry.Next)
            open.Add($"    {entry.Operation}");
        var last = done.Take(Shown).Reverse().Select(done => $"    {done.Entry.Operation}");
        return $"In state {state}, after\n{string.Join('\n', last)}\n  none of these can be next:\n{string.Join('\n', open)}\n"
            + $"  and this has returned:\n    {(blocked is null ? "" : blocked.Operation)}";
    }
}
