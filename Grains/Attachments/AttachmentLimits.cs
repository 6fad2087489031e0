namespace OrleansKeeper.Grains.Attachments;

/// <summary>What bounds a .NET client, as it bounds a connection of a ZooKeeper client.</summary>
/// <param name="MaxRequestBytes">The longest request.</param>
/// <param name="MaxOutstandingRequests">Requests of one client that wait for their answer.</param>
/// <param name="MaxOutstandingRequestsOfAll">Write requests of all clients that are not decided.</param>
/// <param name="MaxQueuedBytes">What may wait for one client to take it.</param>
internal sealed record AttachmentLimits(
    int MaxRequestBytes, int MaxOutstandingRequests, int MaxOutstandingRequestsOfAll, int MaxQueuedBytes)
{
    public static TimeSpan PauseWhenOverloaded { get; } = TimeSpan.FromMilliseconds(1);

    public static AttachmentLimits Of(KeeperOptions options) => new(
        options.MaxRequestBytes,
        options.MaxOutstandingRequestsPerConnection,
        options.MaxOutstandingRequests,
        options.MaxQueuedBytesPerConnection);
}
