using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Locks;

namespace OrleansKeeper.Tests.Cluster.Recipes.Locks;

public sealed class DistributedReadWriteLockTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Theory]
    [InlineData(RecipeLayout.Kazoo)]
    [InlineData(RecipeLayout.Curator)]
    public async Task ReadersHoldItTogetherAndAWriterAlone(RecipeLayout layout)
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var one = new DistributedReadWriteLock(first, _path, new LockOptions { Layout = layout });
        var two = new DistributedReadWriteLock(second, _path, new LockOptions { Layout = layout });
        var reader = await one.ReadLock.AcquireAsync();
        var otherReader = await two.ReadLock.AcquireAsync().Patiently();
        Assert.Null(await two.WriteLock.TryAcquireAsync());

        var writing = one.WriteLock.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 3);
        await reader.DisposeAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        Assert.False(writing.IsCompleted);
        await otherReader.DisposeAsync();
        await using var writer = await writing.Patiently();

        Assert.Null(await two.ReadLock.TryAcquireAsync());
        Assert.Null(await two.WriteLock.TryAcquireAsync());
        Assert.True(writer.FencingToken > reader.FencingToken && writer.FencingToken > otherReader.FencingToken);
    }

    [Fact]
    public async Task ReadersThatComeAfterAWriterWaitForIt()
    {
        await using var client = await cluster.ConnectAsync();
        var @lock = new DistributedReadWriteLock(client, _path);
        var reader = await @lock.ReadLock.AcquireAsync();
        var writing = @lock.WriteLock.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var late = new[] { @lock.ReadLock.AcquireAsync(), @lock.ReadLock.AcquireAsync() };
        await cluster.WaitForContendersAsync(_path, 4);
        Assert.All(late, reading => Assert.False(reading.IsCompleted));

        await reader.DisposeAsync();
        var writer = await writing.Patiently();
        Assert.All(late, reading => Assert.False(reading.IsCompleted));
        await writer.DisposeAsync();

        // Neither waits for the other.
        foreach (var handle in await Task.WhenAll(late).Patiently())
        {
            Assert.True(handle.FencingToken > writer.FencingToken);
            await handle.DisposeAsync();
        }
    }

    [Fact]
    public async Task WriterThatGivesUpLetsTheReadersBehindItIn()
    {
        await using var client = await cluster.ConnectAsync();
        var @lock = new DistributedReadWriteLock(client, _path);
        await using var reader = await @lock.ReadLock.AcquireAsync();
        using var cancellation = new CancellationTokenSource();
        var writing = @lock.WriteLock.AcquireAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path, 2);
        var reading = @lock.ReadLock.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 3);

        await cancellation.CancelAsync();

        await using var late = await reading.Patiently();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task PlainLockOnTheSamePathIsAWriter()
    {
        await using var client = await cluster.ConnectAsync();
        var readers = new DistributedReadWriteLock(client, _path).ReadLock;
        var plain = new DistributedLock(client, _path);
        await using (await readers.AcquireAsync())
            Assert.Null(await plain.TryAcquireAsync());
        await using (await plain.AcquireAsync())
            Assert.Null(await readers.TryAcquireAsync());
    }
}
