using System.Reflection;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class LocalGrainDirectoryTests
{
    [Fact]
    public void No_grain_that_lives_where_it_is_called_asks_another_silo_where_it_is()
    {
        var workers = typeof(LocalGrainDirectory).Assembly.GetTypes().Where(type => type.IsDefined(typeof(StatelessWorkerAttribute))).ToArray();

        Assert.NotEmpty(workers);
        Assert.All(workers, worker => Assert.Equal(
            LocalGrainDirectory.Name, worker.GetCustomAttribute<GrainDirectoryAttribute>()?.GrainDirectoryName));
    }
}
