using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Syncs a file's data and leaves out the time of its last change. SQLite as NuGet has it knows <c>fsync</c> alone, which writes that
/// time too: on ext4 a transaction of the file system's own journal, and half as long again for an append that overwrites what was there.
/// </summary>
internal sealed partial class DataSync : IDataSync
{
    private const int Interrupted = 4;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private DataSync(string path, SafeFileHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>
    /// Opens a file that SQLite holds open, too. Closing it takes this process's locks away, if it is one on which SQLite has some: a database,
    /// and not its write-ahead log.
    /// </summary>
    public static IDataSync Open(string path) =>
        new DataSync(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    public void Sync()
    {
        if (OperatingSystem.IsLinux())
            SyncData();
        else
            SyncAll();
    }

    public void Dispose() => _handle.Dispose();

    private void SyncData()
    {
        while (FDataSync(_handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    private void SyncAll()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException exception)
        {
            throw Failure(exception.Message);
        }
    }

    private SqliteException Failure(string reason) =>
        new($"{Path.GetFileName(_path)} cannot be synced: {reason}", raw.SQLITE_IOERR, raw.SQLITE_IOERR_FSYNC);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);
}
