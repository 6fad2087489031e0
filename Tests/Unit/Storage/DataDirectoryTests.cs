using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Unit.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FolderIsCreatedAndFreedAgain()
    {
        var path = _folder["some/where"];
        new DataDirectory(path).Dispose();

        using var directory = new DataDirectory(path);
        Assert.Equal(Path.Combine(path, "log.db"), directory.LogPath);
    }

    [Fact]
    public void SecondHolderIsToldWhoTheFirstIs()
    {
        using var first = new DataDirectory(_folder.Path);

        var exception = Assert.Throws<DataDirectoryInUseException>(() => new DataDirectory(_folder.Path));

        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherProcessIsKeptOut()
    {
        using var directory = new DataDirectory(_folder.Path);

        using var other = Process.Start("flock", ["--nonblock", _folder["keeper.lock"], "true"]);
        other.WaitForExit();

        Assert.Equal(1, other.ExitCode);
    }

    [Fact]
    public async Task ProcessThatDiesLeavesNoLockBehind()
    {
        // The lock of another process, which writes its id as a holder does.
        var script = "echo $$ > keeper.pid && exec flock --no-fork keeper.lock sh -c 'echo held; read line'";
        using var holder = Process.Start(new ProcessStartInfo("sh", ["-c", script])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
            var exception = Assert.Throws<DataDirectoryInUseException>(() => new DataDirectory(_folder.Path));
            Assert.Contains($" {holder.Id}.", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            await holder.WaitForExitAsync();
        }

        new DataDirectory(_folder.Path).Dispose();
    }
}
