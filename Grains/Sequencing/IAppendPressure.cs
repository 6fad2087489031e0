namespace OrleansKeeper.Grains.Sequencing;

/// <summary>What can hold appends back.</summary>
internal interface IAppendPressure
{
    /// <summary>Blocks while there is no room for more changes; false when there will be none for now, and the batch has to fail.</summary>
    bool WaitForRoom();
}
