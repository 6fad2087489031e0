using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Fuzzing;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>No bytes from the network bring the server down, hold its memory or keep it from serving others.</summary>
[Collection(Alone.Name)]
public sealed class FrameFuzzTests : RobustnessTest
{
    private const int DefaultSeconds = 10;
    private const int Fuzzers = 4;
    private const int MoreFileDescriptors = 30;
    private const long MoreMemory = 256L << 20;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Spoiled_frames_harm_nobody_else()
    {
        var silo = await StartSiloAsync();
        await using var client = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await client.CreateAsync("/served").OkAsync();

        var duration = EnvironmentSettings.Seconds(EnvironmentSettings.FuzzSeconds, DefaultSeconds);

        // A runtime that collects garbage takes its heap only once it works: what counts is that no more is taken later.
        await FuzzAsync(silo, client, Seed, duration / 3);
        var before = silo.Usage;
        await FuzzAsync(silo, client, unchecked(Seed + 1), duration);
        await AssertSettlesAsync(silo, before);
        await client.PingAsync().WaitAsync(AnswerLimit).OkAsync();
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0x100001)]
    public async Task A_length_out_of_bounds_ends_the_connection_and_takes_no_memory(int length)
    {
        const int Connections = 50;
        var silo = await StartSiloAsync();
        var before = silo.Usage;
        var prefix = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);

        foreach (var hello in new[] { [], ValidFrames.Handshake })
        {
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
            {
                using var socket = await TcpConnection.OpenAsync(silo.EndPoint, CancellationToken.None);
                await socket.SendAsync((byte[])[.. hello, .. prefix]);
                await ReadToEndAsync(socket).WaitAsync(AnswerLimit);
            }));
        }

        await AssertSettlesAsync(silo, before);
    }

    private static async Task FuzzAsync(SiloProcess silo, KeeperSession client, int seed, TimeSpan duration)
    {
        using var stop = new CancellationTokenSource(duration);
        var fuzzers = Enumerable.Range(0, Fuzzers)
            .Select(number => new FrameFuzzer(silo.EndPoint, unchecked((seed * 397) ^ number)))
            .ToArray();
        var fuzzing = Task.WhenAll(fuzzers.Select(fuzzer => Task.Run(() => fuzzer.RunAsync(stop.Token))));
        var (served, slowest) = await ServeAsync(client, stop.Token);
        await fuzzing;
        WriteLine(
            $"{fuzzers.Sum(fuzzer => fuzzer.Connections)} connections; " +
            $"the other client was served {served} times, at most in {slowest.TotalMilliseconds:F0} ms.");
    }

    private static async Task<(int Served, TimeSpan Slowest)> ServeAsync(KeeperSession client, CancellationToken stop)
    {
        var version = (await client.ExistsAsync("/served")).Read<ExistsResponse>().Stat.Version;
        var slowest = TimeSpan.Zero;
        var served = 0;
        for (; !stop.IsCancellationRequested; served++)
        {
            var asked = Stopwatch.GetTimestamp();
            var value = served.ToString(CultureInfo.InvariantCulture);
            await client.SetDataAsync("/served", value, version + served).WaitAsync(AnswerLimit, CancellationToken.None).OkAsync();
            var read = await client.GetDataAsync("/served").WaitAsync(AnswerLimit, CancellationToken.None);
            Assert.Equal(value, read.Read<GetDataResponse>().Text());
            var took = Stopwatch.GetElapsedTime(asked);
            slowest = took > slowest ? took : slowest;
        }

        return (served, slowest);
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }

    private static async Task AssertSettlesAsync(SiloProcess silo, ProcessUsage before)
    {
        var started = Stopwatch.GetTimestamp();
        ProcessUsage now;
        while (true)
        {
            Assert.False(silo.HasExited, $"The server ended. It wrote:\n{silo.Output.Tail()}");

            // A new client is served, and a server that lets go of ended connections only with its next event gets one.
            await using (var newcomer = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None))
                await newcomer.CloseAsync();
            now = silo.Usage;
            if (now.FileDescriptors <= before.FileDescriptors + MoreFileDescriptors
                && now.ResidentBytes <= before.ResidentBytes + MoreMemory)
            {
                break;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < SettleLimit, $"Still {now}, before: {before}.");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        WriteLine($"Before: {before}; after: {now}.");
    }
}
