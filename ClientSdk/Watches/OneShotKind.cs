namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What a one-shot watch listens for.</summary>
internal enum OneShotKind
{
    /// <summary>The znode itself.</summary>
    Data,

    /// <summary>The list of its children.</summary>
    Children,
}
