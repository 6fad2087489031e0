using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>An attachment to a session: where its requests go.</summary>
/// <param name="Id">Names it in calls.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Session">The session's grain.</param>
/// <param name="Timeout">The session's timeout.</param>
/// <param name="Window">The most batches that may be under way at a time.</param>
/// <param name="MaxRequestBytes">The most bytes that a request may have.</param>
internal sealed record LiveAttachment(
    long Id, long SessionId, ISessionGrain Session, TimeSpan Timeout, int Window, int MaxRequestBytes);
