namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>What happened in a run, to be kept when it failed.</summary>
internal interface IKeptHistory
{
    /// <summary>Writes it as lines of JSON.</summary>
    void Save(string file);
}
