namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>A watch whose request is on the way: it listens already, since its first event may come before the reply.</summary>
internal interface IWatchInWaiting
{
    /// <summary>It is not set after all.</summary>
    void Abandon();
}
