namespace OrleansKeeper.ClientSdk;

/// <summary>A session, as far as the client can vouch for it.</summary>
/// <param name="id">Its id: the owner of its ephemeral znodes; 0 before there is one.</param>
/// <param name="timeout">The timeout that was negotiated.</param>
/// <param name="lost">See <see cref="Lost"/>.</param>
public sealed class KeeperSession(long id, TimeSpan timeout, CancellationToken lost)
{
    /// <summary>Its id: the owner of its ephemeral znodes (<see cref="Protocol.Stat.EphemeralOwner"/>); 0 before there is one.</summary>
    public long Id { get; } = id;

    /// <summary>How long the service waits for a sign of life before the session expires.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>
    /// Cancelled as soon as the client cannot vouch for the session any more: it expired, was closed, or nothing was heard from the service for
    /// its timeout. It stays cancelled: a client that finds its session alive after all has a new <see cref="KeeperSession"/> for it.
    /// </summary>
    public CancellationToken Lost { get; } = lost;
}
