using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Sequencing;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Holds appends back while more changes wait for a checkpoint than memory should hold, so that writers wait and nothing is dropped.
/// While checkpoints fail, waiting would not end: then the writes fail.
/// </summary>
internal sealed class CheckpointPressure(Replica replica, Checkpointer checkpointer, IOptions<KeeperOptions> options) : IAppendPressure
{
    private const int MostCheckpointsWorth = 4;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public bool WaitForRoom()
    {
        while (replica.ChangedBytes > MostCheckpointsWorth * options.Value.CheckpointBytes)
        {
            if (checkpointer.IsFailing)
                return false;

            Thread.Sleep(Look);
        }

        return true;
    }
}
