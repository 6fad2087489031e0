namespace OrleansKeeper.Protocol;

/// <summary>
/// Request ids with a meaning. Ordinary requests count up from 1. Servers go by the operation, not by these: they echo whatever
/// id was sent, except to a ping.
/// </summary>
public static class WellKnownXids
{
    /// <summary>A watch event, sent by the server of its own accord.</summary>
    public const int Notification = -1;

    /// <summary>A ping and its reply.</summary>
    public const int Ping = -2;

    /// <summary>An auth packet.</summary>
    public const int Auth = -4;

    /// <summary>Watches set again after a reconnect.</summary>
    public const int SetWatches = -8;
}
