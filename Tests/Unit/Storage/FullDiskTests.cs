using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
            Assert.Equal(0, Run("umount", _folder["disk"]));
        _folder.Dispose();
    }

    [Fact]
    public async Task AppendFailsWhileTheDiskIsFullAndWorksWhenItIsNot()
    {
        Directory.CreateDirectory(_folder["disk"]);
        _isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", _folder["disk"]) == 0;
        if (!_isMounted)
            Assert.Skip("Needs the right to mount a small disk.");

        using var fixture = new SqliteLogFixture(_folder["disk"]);
        var batches = await fixture.FillAsync(3);
        var ballast = Path.Combine(_folder["disk"], "ballast");
        FillDisk(ballast);

        // The write-ahead log has room left from before; then it cannot grow.
        var outcome = AppendOutcome.Appended;
        LogBatch batch = default;
        for (var i = 4; outcome == AppendOutcome.Appended && i < 500; i++)
        {
            batch = Batch(1, i, i, bytes: 300_000);
            outcome = fixture.Log.Append(1, batches[^1].LastZxid, batch, out var failure);
            if (outcome == AppendOutcome.Appended)
                batches.Add(batch);
            else
                Assert.IsType<SqliteException>(failure);
        }

        Assert.Equal(AppendOutcome.Failed, outcome);
        Assert.Equal(AppendOutcome.Failed, fixture.Log.Append(1, batches[^1].LastZxid, batch, out _));
        Assert.Equal(batches[^1].LastZxid, (await fixture.Log.ReadLedgerAsync()).LastZxid);
        AssertSame(batches, await fixture.ReadAsync());

        File.Delete(ballast);
        fixture.Append(1, batches[^1].LastZxid, batch);
        batches.Add(batch);
        AssertSame(batches, await fixture.ReadAsync());
    }

    private static void FillDisk(string path)
    {
        using var ballast = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // The disk is full now.
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
