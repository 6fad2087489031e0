using System.Runtime.InteropServices;

namespace OrleansKeeper.ClientSdk.Samples.Common;

/// <summary>
/// Runs a sample: connects to the service that the command line names (<c>--Keeper:…</c>), or else starts one of its own, and shows what
/// there is to show. With <c>--once</c> it ends then, with exit code 0, or 1 if something did not happen; otherwise it stays until Ctrl+C.
/// </summary>
public sealed class Sample
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> _toDispose = [];
    private readonly SampleService _service;
    private readonly CancellationToken _stopping;
    private readonly bool _isOnce;

    private Sample(SampleService service, IKeeperClient client, bool isOnce, CancellationToken stopping)
    {
        _service = service;
        Client = client;
        _isOnce = isOnce;
        _stopping = stopping;
    }

    /// <summary>The sample's client.</summary>
    public IKeeperClient Client { get; }

    /// <summary>Runs a sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="show">Shows it; the token is cancelled by Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Func<Sample, CancellationToken, Task> show)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var isOnce = args.Contains("--once", StringComparer.Ordinal);
        try
        {
            await using var service = await SampleService.StartAsync([.. args.Where(argument => argument != "--once")], stopping.Token);
            var client = await service.ConnectAsync(stopping.Token);
            var sample = new Sample(service, client, isOnce, stopping.Token);
            sample._toDispose.Add(client);
            try
            {
                await show(sample, stopping.Token);
            }
            finally
            {
                await sample.DisposeAsync();
            }
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (SampleFailedException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    /// <summary>Another client, with a session of its own, as another process would have.</summary>
    public async Task<IKeeperClient> ConnectAsync()
    {
        var client = await _service.ConnectAsync(_stopping);
        _toDispose.Add(client);
        return client;
    }

    /// <summary>Has a host stop when the sample ends.</summary>
    public void StopAtTheEnd(IAsyncDisposable host) => _toDispose.Add(host);

    /// <summary>Fails the sample unless something happened.</summary>
    public void Check(bool happened, string what)
    {
        if (!happened)
            throw new SampleFailedException($"This did not happen: {what}.");
    }

    /// <summary>Waits for something, for a while.</summary>
    public async Task<T> WithinAsync<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience, _stopping);
        }
        catch (TimeoutException)
        {
            throw new SampleFailedException($"This did not happen within {Patience.TotalSeconds} s: {what}.");
        }
    }

    /// <summary>Waits for something, for a while.</summary>
    public Task WithinAsync(Task task, string what) => WithinAsync(ToValueAsync(task), what);

    /// <summary>Waits for the next element, for a while.</summary>
    public Task<T> NextAsync<T>(IAsyncEnumerator<T> elements, string what) => NextAsync(elements, _ => true, what);

    /// <summary>Waits for the next element that is as it should be, for a while.</summary>
    public Task<T> NextAsync<T>(IAsyncEnumerator<T> elements, Func<T, bool> isRight, string what) =>
        WithinAsync(FindAsync(elements, isRight, what), what);

    /// <summary>Without <c>--once</c>: says what one can do now, and goes on showing until Ctrl+C.</summary>
    public async Task StayAsync(string invitation, Func<Task> show)
    {
        if (_isOnce)
            return;

        Console.WriteLine($"{invitation} Ctrl+C ends.");
        await show();
    }

    private static async Task<bool> ToValueAsync(Task task)
    {
        await task;
        return true;
    }

    private static async Task<T> FindAsync<T>(IAsyncEnumerator<T> elements, Func<T, bool> isRight, string what)
    {
        while (await elements.MoveNextAsync())
        {
            if (isRight(elements.Current))
                return elements.Current;
        }
        throw new SampleFailedException($"The events ended before this: {what}.");
    }

    private async Task DisposeAsync()
    {
        foreach (var disposable in Enumerable.Reverse(_toDispose))
            await disposable.DisposeAsync();
    }
}
