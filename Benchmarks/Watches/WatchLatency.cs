using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Benchmarks.Watches;

/// <summary>
/// A silo in a process of its own, and in this one two clients, each with an Orleans client and a socket of its own: one changes a znode at a steady
/// rate, the other watches. Events and changes are matched by their zxids.
/// </summary>
internal sealed class WatchLatency : IAsyncDisposable
{
    private const string Path = "/watched";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>For about a minute a process still compiles what it has used, in the background: that is its start and not its being idle.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LastEventLimit = TimeSpan.FromSeconds(5);

    private readonly ComparedServer _silo;
    private readonly KeeperClient _writer;
    private readonly KeeperClient _watcher;

    private WatchLatency(ComparedServer silo, KeeperClient writer, KeeperClient watcher)
    {
        _silo = silo;
        _writer = writer;
        _watcher = watcher;
    }

    public static async Task<WatchLatency> StartAsync(CancellationToken cancellationToken)
    {
        var silo = await ComparedServer.StartAsync(SiloCommand.Create, cancellationToken);
        var gateway = string.Create(CultureInfo.InvariantCulture, $"localhost:{silo.Ports[SiloCommand.GatewayPort]}");
        var writer = await KeeperClient.ConnectAsync(gateway, cancellationToken: cancellationToken);
        var watcher = await KeeperClient.ConnectAsync(gateway, cancellationToken: cancellationToken);
        await writer.CreateAsync(Path, cancellationToken: cancellationToken);
        return new WatchLatency(silo, writer, watcher);
    }

    /// <summary>The silo's load while two clients are attached, one of them watches, and nothing happens.</summary>
    public async Task<string> MeasureIdleAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var watch = await _watcher.OpenWatchAsync(Path, WatchMode.PersistentRecursive, cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var before = _silo.ProcessorTime;
        await Task.Delay(duration, cancellationToken);
        var share = (_silo.ProcessorTime - before) / Stopwatch.GetElapsedTime(started);
        return string.Create(CultureInfo.InvariantCulture, $"idle silo: {share:P2} of a core");
    }

    /// <summary>Times from the sending of a change to its event and to its reply, with the disk in both, and from the reply to the event.</summary>
    public async Task<string> MeasureLatencyAsync(int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var watch = await _watcher.OpenWatchAsync(Path, WatchMode.Persistent, cancellationToken);
        await RunAsync(watch, rate, WarmUp, cancellationToken);
        var (toEvent, toReply, behind, seconds) = await RunAsync(watch, rate, duration, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {toEvent.Count} events at {toEvent.Count / seconds:F0}/s
            change sent to event received, ms: p50 {Milliseconds(toEvent, 0.5):F2}  p90 {Milliseconds(toEvent, 0.9):F2}  p99 {Milliseconds(toEvent, 0.99):F2}  max {toEvent.Largest / 1e6:F2}
            change sent to reply received, ms: p50 {Milliseconds(toReply, 0.5):F2}  p90 {Milliseconds(toReply, 0.9):F2}  p99 {Milliseconds(toReply, 0.99):F2}  max {toReply.Largest / 1e6:F2}
            writer's reply to watcher's event, ms: p50 {Milliseconds(behind, 0.5):F2}  p90 {Milliseconds(behind, 0.9):F2}  p99 {Milliseconds(behind, 0.99):F2}  max {behind.Largest / 1e6:F2}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _writer.DisposeAsync();
        await _silo.DisposeAsync();
    }

    private static double Milliseconds(LatencyHistogram histogram, double share) => histogram.Quantile(share) / 1e6;

    private async Task<(LatencyHistogram ToEvent, LatencyHistogram ToReply, LatencyHistogram Behind, double Seconds)> RunAsync(
        KeeperWatch watch, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var count = (int)(rate * duration.TotalSeconds);
        var sent = new ConcurrentDictionary<long, long>();
        var replied = new ConcurrentDictionary<long, long>();
        var started = Stopwatch.GetTimestamp();
        var events = ReadAsync(watch, count, cancellationToken);
        var changes = new Task[count];
        for (var i = 0; i < count; i++)
        {
            await WaitUntilAsync(started, TimeSpan.FromSeconds((double)i / rate), cancellationToken);
            changes[i] = ChangeAsync(sent, replied);
        }

        await Task.WhenAll(changes);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var received = await events.WaitAsync(LastEventLimit, cancellationToken);
        return (Compare(sent, received), Compare(sent, replied), Compare(replied, received), seconds);
    }

    private async Task ChangeAsync(ConcurrentDictionary<long, long> sent, ConcurrentDictionary<long, long> replied)
    {
        var now = Stopwatch.GetTimestamp();
        var stat = await _writer.SetDataAsync(Path, new byte[100]);
        replied[stat.Mzxid] = Stopwatch.GetTimestamp();
        sent[stat.Mzxid] = now;
    }

    private static async Task<IReadOnlyDictionary<long, long>> ReadAsync(KeeperWatch watch, int count, CancellationToken cancellationToken)
    {
        var received = new Dictionary<long, long>();
        await foreach (var watchEvent in watch.WithCancellation(cancellationToken))
        {
            received[watchEvent.Zxid] = Stopwatch.GetTimestamp();
            if (received.Count == count)
                break;
        }

        return received;
    }

    private static LatencyHistogram Compare(IReadOnlyDictionary<long, long> from, IReadOnlyDictionary<long, long> to)
    {
        var histogram = new LatencyHistogram();
        foreach (var (zxid, sentAt) in from)
            histogram.Record(Math.Max(0, (long)Stopwatch.GetElapsedTime(sentAt, to[zxid]).TotalNanoseconds));
        return histogram;
    }

    /// <summary>
    /// To the system timer's millisecond, so that one or two changes go at a time: looking at the clock in between would take a core from what is
    /// measured.
    /// </summary>
    private static async Task WaitUntilAsync(long started, TimeSpan due, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetElapsedTime(started) < due)
            await Task.Delay(1, cancellationToken);
    }
}
