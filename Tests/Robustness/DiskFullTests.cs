using System.Diagnostics;
using System.Text;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>
/// A full disk costs writes, for as long as it is full: they are answered with an error, reads go on, and nothing that was
/// acknowledged is lost then or later.
/// </summary>
[Collection(Alone.Name)]
public sealed class DiskFullTests : RobustnessTest
{
    private const int DiskMegabytes = 64;
    private const int KilobytesLeft = 1024;
    private const int DataBytes = 16 * 1024;
    private const int MostWrites = 4_000;
    private const int WritesWhileFull = 20;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _data = Encoding.ASCII.GetBytes(new string('x', DataBytes));
    private readonly List<string> _acknowledged = [];
    private readonly List<string> _refused = [];

    [Fact]
    public async Task Writes_are_refused_while_the_disk_is_full_and_nothing_acknowledged_is_lost()
    {
        ServerKind.RequireSilo("ZooKeeper ends when it cannot write.");
        var disk = SmallDisk.MountOrSkip(Path.Combine(Folder, "disk"), DiskMegabytes);
        CleanUpBy(disk.Dispose);
        var silo = await StartSiloAsync(settings => settings with { DataDirectory = Path.Combine(disk.Folder, "data") });
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await session.CreateAsync("/written", "before").OkAsync();

        disk.Fill(KilobytesLeft);
        var refused = await WriteUntilRefusedAsync(session);
        WriteLine($"{_acknowledged.Count} writes succeeded, then {refused}.");
        for (var i = 0; i < WritesWhileFull; i++)
            await WriteAsync(session, $"/full-{i}");
        Assert.Equal("before", (await session.GetDataAsync("/written").WaitAsync(AnswerLimit)).Read<GetDataResponse>().Text());

        disk.Free();
        await WriteUntilAcceptedAsync(session);
        await silo.KillAsync();
        await silo.StartAsync();
        using var limit = new CancellationTokenSource(AnswerLimit);
        await session.AttachAsync(limit.Token);
        foreach (var path in _acknowledged)
            Assert.Equal(DataBytes, (await session.ExistsAsync(path)).Read<ExistsResponse>().Stat.DataLength);
        foreach (var path in _refused)
            await session.ExistsGoneAsync(path);
    }

    private async Task<ErrorCode> WriteUntilRefusedAsync(KeeperSession session)
    {
        for (var i = 0; i < MostWrites; i++)
        {
            var error = await WriteAsync(session, $"/filling-{i}");
            if (error != ErrorCode.Ok)
                return error;
        }

        Assert.Fail($"{MostWrites} writes of {DataBytes} bytes fitted into {KilobytesLeft} KiB.");
        return default;
    }

    private async Task WriteUntilAcceptedAsync(KeeperSession session)
    {
        var freed = Stopwatch.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var error = await WriteAsync(session, $"/free-{i}");
            if (error == ErrorCode.Ok)
                return;
            Assert.True(Stopwatch.GetElapsedTime(freed) < AnswerLimit, $"Writes are still refused with {error}.");
            await Task.Delay(RetryInterval);
        }
    }

    private async Task<ErrorCode> WriteAsync(KeeperSession session, string path)
    {
        var reply = await session.CreateAsync(path, _data).WaitAsync(AnswerLimit);
        (reply.IsOk ? _acknowledged : _refused).Add(path);
        return reply.Error;
    }
}
