using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace OrleansKeeper.Benchmarks.Failover;

/// <summary>
/// How long clients of the other silos wait when something happens to the silo with the sequencer, and whether they keep their connections.
/// Measured is the time from the signal until a client on every other silo had a write acknowledged that it sent after the signal.
/// </summary>
internal sealed partial class FailoverMeasurement(ClusterScript cluster)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    // The silo that came back joins, and everybody has compiled what the failover used.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public async Task<string> MeasureAsync(FailoverFault fault, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        var (clients, lost) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var silos = await cluster.RestoreAsync(cancellationToken);
            await Task.Delay(Settling, cancellationToken);
            var result = await MeasureOnceAsync(fault, silos);
            if (result.Time is { } time)
                times.Add(time);
            clients += result.Clients;
            lost += result.Lost;
        }

        await cluster.RestoreAsync(cancellationToken);
        return Row(fault, times, clients, lost);
    }

    private static async Task<(TimeSpan? Time, int Clients, int Lost)> MeasureOnceAsync(FailoverFault fault, SiloStatus[] silos)
    {
        var sequencer = silos.Single(silo => silo.IsSequencer);
        var clients = silos
            .Where(silo => silo != sequencer)
            .Select(silo => WritingClient.Start(
                new IPEndPoint(IPAddress.Loopback, silo.Port), string.Create(CultureInfo.InvariantCulture, $"/failover-{silo.Number}")))
            .ToArray();
        try
        {
            await Task.WhenAll(clients.Select(client => client.NextAcknowledgedAsync(Stopwatch.GetTimestamp(), AnswerLimit)));
            var from = Stopwatch.GetTimestamp();
            Signal(sequencer.ProcessId!.Value, fault);
            var times = await Task.WhenAll(clients.Select(client => TimeAsync(client, from)));
            return (times.Max(), clients.Length, clients.Count(client => client.IsLost));
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    // A client that lost its connection counts as lost; what its reconnect takes is another matter.
    private static async Task<TimeSpan?> TimeAsync(WritingClient client, long from)
    {
        try
        {
            return await client.NextAcknowledgedAsync(from, AnswerLimit);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Signal(int process, FailoverFault fault)
    {
        const int Kill = 9;
        const int Terminate = 15;
        const int Stop = 19;
        var signal = fault switch { FailoverFault.Kill => Kill, FailoverFault.Stop => Stop, _ => Terminate };
        if (SendSignal(process, signal) != 0)
        {
            throw new InvalidOperationException(
                $"Process {process} cannot be sent signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private static string Row(FailoverFault fault, List<TimeSpan> times, int clients, int lost)
    {
        if (times.Count == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{fault,-5} every round cost all connections: {lost} of {clients}");

        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{fault,-5} {sorted.Length,6} {sorted[0],8:F0} {median,8:F0} {sorted[^1],8:F0}   {lost} of {clients}");
    }

    public static string Header { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{"fault",-5} {"rounds",6} {"least ms",8} {"median",8} {"most",8}   connections lost");

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
