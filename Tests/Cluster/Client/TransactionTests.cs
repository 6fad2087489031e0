using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Transactions are done as a whole, or not at all, and then say why.</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task AllOperationsHappenUnderOneZxid()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/old");
        var results = await client.Transaction()
            .Check("/old", 0)
            .Create("/new")
            .Create("/new/s-", "x"u8.ToArray(), CreateMode.EphemeralSequential)
            .Create("/box", default, CreateOptions.Container)
            .SetData("/new", "y"u8.ToArray(), 0)
            .Delete("/old")
            .CommitAsync();

        Assert.Equal(["/old", "/new", "/new/s-0000000000", "/box", "/new", "/old"], results.Select(result => result.Path));
        var created = (await client.ExistsAsync("/new"))!.Value;
        Assert.Equal((created.Czxid, created.Czxid), (created.Mzxid, created.Pzxid));
        Assert.Equal(created.Mzxid, results[4].Stat!.Value.Mzxid);
        Assert.Null(await client.ExistsAsync("/old"));
    }

    [Fact]
    public async Task FailureSaysWhichOperationAndWhyAndNothingHappened()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/a");
        var transaction = client.Transaction().Create("/b").SetData("/a", default, version: 7).Delete("/missing");

        var failure = await Assert.ThrowsAsync<TransactionFailedException>(() => transaction.CommitAsync());

        Assert.Equal((1, "/a", ErrorCode.BadVersion), (failure.Index, failure.Path, failure.Error));
        Assert.IsType<TransactionOperation.SetData>(failure.Operation);
        Assert.IsType<BadVersionException>(failure.InnerException);
        Assert.Null(await client.ExistsAsync("/b"));
    }

    [Fact]
    public async Task EmptyTransactionsAndThoseThatCannotBeWrittenAreToldApart()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        Assert.Empty(await client.Transaction().CommitAsync());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Transaction().Delete("no path").CommitAsync());
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => client.Transaction().Create("/a/b", default, new CreateOptions { CreateParents = true }).CommitAsync());
    }
}
