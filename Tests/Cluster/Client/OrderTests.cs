using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>R5: a client's requests take effect, and are answered, in the order in which they were made, however many are on the way.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task PipelinedRequestsTakeEffectAndAreAnsweredInOrder()
    {
        const int Count = 5000;
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/n");
        var answered = new List<int>();
        var requests = new List<Task>();
        for (var i = 0; i < Count; i++)
        {
            var number = i;
            requests.Add(RecordAsync(client.SetDataAsync("/n", BitConverter.GetBytes(number), version: number), 2 * number));
            requests.Add(RecordAsync(ReadAsync(number), (2 * number) + 1));
        }

        await Task.WhenAll(requests);
        Assert.Equal(2 * Count, answered.Count);

        async Task ReadAsync(int number)
        {
            var content = await client.GetAsync("/n");
            Assert.Equal((number, number + 1), (BitConverter.ToInt32(content.Data.Span), content.Stat.Version));
        }

        async Task RecordAsync(Task request, int number)
        {
            await request;
            lock (answered)
                answered.Add(number);
        }
    }

    [Fact]
    public async Task ManyCallersShareASessionWithoutLosingARequest()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/c");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
                await client.CreateAsync($"/c/{caller}-{i}");
        })));

        Assert.Equal(64 * 30, (await client.GetChildrenAsync("/c")).Count);
    }

    [Fact]
    public async Task RepliesLargerThanWhatMayWaitComeInPieces()
    {
        // 40 MB of replies to one batch, where 64 KB may wait.
        await using var cluster = await KeeperTestCluster.StartAsync(options =>
            options.ConfigureKeeper = keeper => keeper.MaxQueuedBytesPerConnection = 64 * 1024);
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/large", new byte[200_000]);
        var reads = Enumerable.Range(0, 200).Select(_ => client.GetAsync("/large")).ToArray();
        foreach (var read in reads)
            Assert.Equal(200_000, (await read).Data.Length);
    }

    [Fact]
    public async Task CancelledRequestLeavesTheSessionInOrder()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/a");
        for (var i = 0; i < 50; i++)
        {
            using var cancel = new CancellationTokenSource();
            var cancelled = client.SetTextAsync("/a", "cancelled", cancellationToken: cancel.Token);
            var behind = client.GetAsync("/a");
            await cancel.CancelAsync();
            try
            {
                await cancelled;
            }
            catch (OperationCanceledException)
            {
            }

            await behind;
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("/a", new CancellationToken(canceled: true)));
        await client.SetTextAsync("/a", "last");
        Assert.Equal("last", await client.GetTextAsync("/a"));
    }

    [Fact]
    public async Task RequestsBeyondWhatMayWaitAreRefused()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync(options => options.MaxWaitingRequests = 3);
        await cluster.KillSiloAsync();
        await client.UntilAsync(KeeperConnectionState.Suspended);
        var waiting = Enumerable.Range(0, 3).Select(_ => client.GetAsync("/")).ToArray();
        var refusal = await Assert.ThrowsAsync<KeeperException>(() => client.GetAsync("/"));
        Assert.Equal((ErrorCode.ThrottledOp, OperationOutcome.DidNotHappen), (refusal.Error, refusal.Outcome));
        await cluster.RestartSiloAsync();
        await Task.WhenAll(waiting);
    }
}
