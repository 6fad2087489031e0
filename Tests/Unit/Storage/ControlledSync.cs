using Microsoft.Data.Sqlite;
using OrleansKeeper.Grains.Storage.Sqlite;
using SQLitePCL;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>Syncs as usual, unless the test has it fail as a broken disk does; tells when it does.</summary>
internal sealed class ControlledSync
{
    private int _failuresLeft;

    /// <summary>Called before each sync.</summary>
    public Action? Syncing { get; set; }

    /// <summary>Has the next syncs fail.</summary>
    public void FailNext(int syncs) => _failuresLeft = syncs;

    /// <summary>Has all fail.</summary>
    public void Fail() => FailNext(int.MaxValue);

    /// <summary>Ends what <see cref="Fail"/> began.</summary>
    public void Repair() => FailNext(0);

    public IDataSync Open(string path) => new Sync(this, DataSync.Open(path));

    private sealed class Sync(ControlledSync control, IDataSync sync) : IDataSync
    {
        void IDataSync.Sync()
        {
            control.Syncing?.Invoke();
            if (control._failuresLeft > 0)
            {
                control._failuresLeft--;
                throw new SqliteException("The disk is broken.", raw.SQLITE_IOERR, raw.SQLITE_IOERR_FSYNC);
            }

            sync.Sync();
        }

        public void Dispose() => sync.Dispose();
    }
}
