namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>Every operation of every client of a run, with the order in which they were sent and answered.</summary>
internal sealed class History : IKeptHistory
{
    private static readonly TimeSpan ProgressLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly List<Operation> _operations = [];
    private long _clock;
    private long _answered;

    /// <summary>How many operations were answered so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Waits until so many more operations were answered.</summary>
    /// <param name="operations">How many.</param>
    /// <param name="running">The clients: when they end, the waiting does, too.</param>
    public async Task MakeProgressAsync(int operations, Task running)
    {
        var target = Answered + operations;
        using var limit = new CancellationTokenSource(ProgressLimit);
        while (Answered < target)
        {
            if (running.IsCompleted)
                await running;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{target - Answered} of {operations} operations were not answered within {ProgressLimit}.");
            await Task.Delay(PollInterval);
        }
    }

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
