namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>One connection of a client: to which silo, from when to when, who ended it, and the events that came on it, in order.</summary>
internal sealed class ConnectionRecord
{
    public required int Client { get; init; }

    /// <summary>Counts the connections of the client.</summary>
    public required int Connection { get; init; }

    public required long SessionId { get; init; }

    public required int Server { get; init; }

    public required long Opened { get; init; }

    public long Ended { get; set; } = long.MaxValue;

    /// <summary>Whether the server ended it although the client had not asked for that.</summary>
    public bool IsEndedByServer { get; set; }

    /// <summary>Whether the client gave it up because the silo was silent.</summary>
    public bool IsAbandoned { get; set; }

    public EventRecord[] Events { get; set; } = [];

    public override string ToString() =>
        $"client {Client} connection {Connection} session 0x{SessionId:x} to silo {Server} " +
        $"[{Opened}, {(Ended == long.MaxValue ? "open" : Ended)}]";
}
