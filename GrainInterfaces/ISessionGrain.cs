namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// Watches over one session: hears from the silo that serves it that its client is alive, and closes it when the client has been
/// silent for its timeout. Keyed by <see cref="SessionGrainKey"/>.
/// </summary>
[Alias("OrleansKeeper.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Begins to watch over the session, or begins anew with a full timeout.</summary>
    /// <param name="descriptor">What is known of the session.</param>
    [Alias("Track")]
    Task Track(SessionDescriptor descriptor);

    /// <summary>The client was heard from.</summary>
    /// <param name="elapsedSince">How long ago that was.</param>
    [Alias("Heartbeat")]
    Task Heartbeat(TimeSpan elapsedSince);

    /// <summary>The session was closed: there is nothing to watch over any more.</summary>
    [Alias("Forget")]
    Task Forget();
}
