using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sequencing;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>What ZooKeeper calls a server's mode: the silo that orders is the leader, the other ones follow.</summary>
internal sealed class ServerMode(Sequencer sequencer, IOptions<KeeperOptions> options)
{
    public string Text => (options.Value.Storage, sequencer.IsHolder) switch
    {
        (KeeperStorage.Sqlite, _) => "standalone",
        (_, true) => "leader",
        _ => "follower",
    };
}
