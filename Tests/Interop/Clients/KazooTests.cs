using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>kazoo, the Python client: its recipes, two or three clients against each other; where there are several servers, each on another one.</summary>
[Collection<TargetCollection>]
public sealed class KazooTests(TargetServers servers)
{
    public const string Python = "/usr/bin/python3";

    public static TheoryData<Target, string> Scripts()
    {
        var data = new TheoryData<Target, string>();
        string[] scripts =
        [
            "lock", "read_write_lock", "semaphore", "election", "barriers", "counter_party", "queues", "partitioner", "watchers",
            "transactions", "connection",
        ];
        foreach (var script in scripts)
        {
            data.Add(Target.ZooKeeper, script);
            data.Add(Target.Ours, script);
            data.Add(Target.Cluster, script);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task RecipeWorks(Target target, string script)
    {
        var file = ClientProcess.SourceFile("Kazoo", script + ".py");
        var output = await ClientProcess.RunAsync(Python, [file, servers.ConnectString(target), $"/kazoo-{script}-{Guid.NewGuid():n}"]);
        output.AssertSucceeded();
    }
}
