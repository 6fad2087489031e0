namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What a client brings to have its session carried.</summary>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.AttachRequest")]
public sealed record AttachRequest
{
    /// <summary>The session's password.</summary>
    [Id(0)]
    public byte[] Password { get; init; } = [];

    /// <summary>The session timeout that the client would like, in milliseconds.</summary>
    [Id(1)]
    public int TimeoutMilliseconds { get; init; }

    /// <summary>The newest transaction that the client has seen: it is not shown anything older (rule R4).</summary>
    [Id(2)]
    public long LastZxidSeen { get; init; }

    /// <summary>The client has the events of all transactions up to this one.</summary>
    [Id(3)]
    public long EventsSeenUpTo { get; init; }

    /// <summary>The client's watches, to be set again.</summary>
    [Id(4)]
    public WatchRegistrations Watches { get; init; } = WatchRegistrations.None;

    /// <summary>Who the client has proved to be.</summary>
    [Id(5)]
    public IReadOnlyList<Credential> Credentials { get; init; } = [];
}
