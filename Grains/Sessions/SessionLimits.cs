namespace OrleansKeeper.Grains.Sessions;

/// <summary>What bounds the queues of sessions.</summary>
/// <param name="MaxWatches">Watches of all sessions of this silo; a request to set one more is answered with ThrottledOp.</param>
/// <param name="MaxOutstandingPerSession">Requests of one session that are not answered; beyond it the connection is not read.</param>
/// <param name="MaxOutstanding">Write requests of all sessions that are not decided; beyond it connections that have some are not read.</param>
internal sealed record SessionLimits(long MaxWatches, int MaxOutstandingPerSession, int MaxOutstanding)
{
    public static SessionLimits From(KeeperOptions options) =>
        new(options.MaxWatches, options.MaxOutstandingRequestsPerConnection, options.MaxOutstandingRequests);
}
