using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// A thread that gives way to others, for work that nobody waits for. Linux does not know .NET's priorities; there the thread makes
/// itself nice, for good: only the privileged could take that back, which is why the pool's threads cannot do such work.
/// </summary>
internal sealed partial class BackgroundThread : IDisposable
{
    private const int Process = 0;
    private const int CallingThread = 0;

    /// <summary>
    /// Some two fifths of what another thread gets. With less, so many changes waited in memory under a long load that appends had to wait too.
    /// </summary>
    private const int Nice = 4;

    private readonly BlockingCollection<Task> _work = [];
    private readonly Thread _thread;

    public BackgroundThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>
    /// Runs something behind what was given before; completes, on a thread of the pool, when it has ended, or failed as it did. Callers wait
    /// for that before they give more.
    /// </summary>
    public Task RunAsync(Action work)
    {
        var task = new Task(work, TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(task);
        return task;
    }

    /// <summary>Ends the thread behind what was given to it.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        // Refused, it runs like all others.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, CallingThread, Nice);

        foreach (var task in _work.GetConsumingEnumerable())
            task.RunSynchronously(TaskScheduler.Default);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);
}
