namespace OrleansKeeper.GrainInterfaces;

/// <summary>What a session's grain keeps of it. The session itself stands in the log: this is only for watching over it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.SessionDescriptor")]
public sealed record SessionDescriptor
{
    /// <summary>The negotiated timeout, in milliseconds.</summary>
    [Id(0)]
    public int TimeoutMilliseconds { get; init; }

    /// <summary>The client's address when it attached last; empty when it did not since the server started.</summary>
    [Id(1)]
    public string ClientAddress { get; init; } = "";

    /// <summary>When it attached last.</summary>
    [Id(2)]
    public DateTimeOffset AttachedAt { get; init; }

    /// <summary>Whether a .NET client ever attached: then there is a stream for its events.</summary>
    [Id(3)]
    public bool HasEventStream { get; init; }

    /// <summary>The silo that serves it; null when none has since the silos started.</summary>
    [Id(4)]
    public SiloAddress? Silo { get; init; }

    /// <summary>Tells the connection that carries it from those before.</summary>
    [Id(5)]
    public long ConnectionId { get; init; }
}
