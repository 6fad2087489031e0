using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>A silo that ends in good order while its clients write.</summary>
public sealed class StoppingTests
{
    private const int WritesUnderWay = 8;

    /// <summary>Half of what Orleans gives a silo whose grains have calls that do not end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task SiloDoesNotWaitForWritesThatItDoesNotDecideAnyMore()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/n");
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopped = new CancellationTokenSource();
        var writing = Enumerable.Range(0, WritesUnderWay).Select(_ => WriteAsync(client, first, stopped.Token)).ToList();
        await first.Task;

        await cluster.StopSiloAsync().WaitAsync(Limit);
        await stopped.CancelAsync();
        await cluster.RestartSiloAsync();
        await Task.WhenAll(writing);
    }

    private static async Task WriteAsync(IKeeperClient client, TaskCompletionSource written, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await client.SetTextAsync("/n", "x");
                written.TrySetResult();
            }
            catch (KeeperException exception) when (exception.Outcome == OperationOutcome.Unknown)
            {
                // It was under way when the silo stopped.
            }
        }
    }
}
