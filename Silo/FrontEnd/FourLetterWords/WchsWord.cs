using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>How many watches there are. As ZooKeeper, of data only.</summary>
internal sealed class WchsWord(Replica replica) : IFourLetterWord
{
    public string Word => "wchs";

    public string Answer()
    {
        var (watchers, paths, watches) = replica.Watches.SummarizeDataWatches();
        return $"{watchers} connections watching {paths} paths\nTotal watches:{watches}\n";
    }
}
