using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The folder with the database files, which belongs to one process as long as it lives: two would both believe that nobody else
/// changes them. The lock is the operating system's, so a process that dies leaves none behind. Who holds it stands in a file of its
/// own, since a locked file cannot be read.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;

    private readonly FileStream _lock;

    public DataDirectory(IOptions<SqliteStorageOptions> options)
        : this(options.Value.DataDirectory)
    {
    }

    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        _lock = Lock();
    }

    public string Path { get; }

    /// <summary>The transaction log and its ledger.</summary>
    public string LogPath => In("log.db");

    /// <summary>The znode and session tables.</summary>
    public string StorePath => In("store.db");

    /// <summary>What Orleans itself stores.</summary>
    public string OrleansPath => In("orleans.db");

    private string HolderPath => In("keeper.pid");

    public void Dispose() => _lock.Dispose();

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private FileStream Lock()
    {
        FileStream stream;
        try
        {
            stream = new FileStream(In("keeper.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is WindowsSharingViolation or LinuxWouldBlock or BsdWouldBlock)
        {
            throw new DataDirectoryInUseException(Path, ReadHolder(), exception);
        }

        try
        {
            using var process = Process.GetCurrentProcess();
            var started = process.StartTime.ToUniversalTime();
            File.WriteAllText(HolderPath, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\nstarted {started:O}\n"));
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private int? ReadHolder()
    {
        try
        {
            return int.TryParse(File.ReadLines(HolderPath).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
