namespace OrleansKeeper.GrainInterfaces.Events;

/// <summary>
/// The Orleans stream on which a .NET client gets its session's events. Each item carries <see cref="SessionEvents"/>. The stream is the
/// fast way and promises nothing: the client sees from the numbers what it misses, and asks the session's grain for it.
/// </summary>
public static class SessionEventStream
{
    /// <summary>Name of the stream provider, on silos and clients.</summary>
    public const string Provider = "keeper-events";

    private const string Namespace = "session";

    /// <summary>The stream of a session.</summary>
    public static StreamId Of(long sessionId) => StreamId.Create(Namespace, sessionId.ToString("x16", null));
}
