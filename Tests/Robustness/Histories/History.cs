namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>Every operation of every client of a run, with the order in which they were sent and answered.</summary>
internal sealed class History : IKeptHistory
{
    private readonly Lock _lock = new();
    private readonly List<Operation> _operations = [];
    private long _clock;
    private long _answered;

    /// <summary>How many operations were answered so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public long Tick() => Interlocked.Increment(ref _clock);

    public void Add(Operation operation)
    {
        lock (_lock)
            _operations.Add(operation);
    }

    public void Return(Operation operation, Outcome outcome)
    {
        operation.Outcome = outcome;
        operation.Returned = Tick();
        Interlocked.Increment(ref _answered);
    }

    /// <summary>All operations so far, in the order in which they were sent.</summary>
    public Operation[] Snapshot()
    {
        lock (_lock)
            return [.. _operations.OrderBy(operation => operation.Invoked)];
    }

    public void Save(string file) => File.WriteAllLines(file, Snapshot().Select(HistoryJson.Line));
}
