using Orleans.Streams.Filtering;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Loses what Orleans would deliver on a stream.</summary>
/// <param name="isLost">Decides of each message.</param>
internal sealed class LossyStreamFilter(Func<bool> isLost) : IStreamFilter
{
    public bool ShouldDeliver(StreamId streamId, object item, string? filterData) => !isLost();
}
