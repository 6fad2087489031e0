using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Looks for container and TTL znodes that are not used any more and has them deleted. The sequencer checks again whether they are.
/// </summary>
internal sealed partial class ContainerSweeper(
    Replica replica,
    ZNodeLoader loader,
    SubmitQueue submitQueue,
    Sequencer sequencer,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<ContainerSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.ContainerCheckInterval), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                // One silo does it for all.
                if (sequencer.IsHolder)
                    await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMinutes(1) / options.Value.ContainersPerMinute;
        foreach (var path in replica.Containers)
        {
            if (!await IsUnusedAsync(path).ConfigureAwait(false))
                continue;

            await TryDeleteAsync(path).ConfigureAwait(false);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsUnusedAsync(string path)
    {
        if (replica.Find(path).Residency == Residency.NotResident)
            await loader.TryLoadAsync(path).ConfigureAwait(false);

        return replica.Find(path).Node is { } node && UnusedZNodes.IsUnused(node, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private async Task TryDeleteAsync(string path)
    {
        try
        {
            var body = JuteRecords.ToArray(new PathRequest(path));
            await SessionlessRequest.Submit(submitQueue, OpCode.DeleteContainer, body).Transaction.ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            LogNotDeleted(path, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Path} is not used any more but could not be deleted; it is tried again.")]
    private partial void LogNotDeleted(string path, Exception exception);
}
