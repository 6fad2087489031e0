using System.CommandLine;
using OrleansKeeper.Benchmarks.Comparison;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary><c>compare-ensemble</c>: this repository's silos on PostgreSQL beside an ensemble of ZooKeeper, on this machine, in one run.</summary>
internal static class EnsembleCommand
{
    private const string One = "one";
    private const string Spread = "spread";

    public static Command Create()
    {
        var names = ComparedWorkload.OfEnsembles.Select(work => work.Name).ToArray();
        var workloads = new Argument<string[]>("workloads") { Description = $"Which of {string.Join(", ", names)}; all if none is given." };
        workloads.AcceptOnlyFromAmong(names);
        var servers = new Option<int>("--silos") { Description = "Silos, and servers of ZooKeeper.", DefaultValueFactory = _ => 3 };
        servers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 3 or > 9)
                result.AddError("--silos: expected 3 to 9, since ZooKeeper needs a majority and one machine has to carry them all.");
        });
        var clients = new Option<string[]>("--clients")
        {
            Description = "Where the clients are: all on one server that is not the leader, or spread over all servers.",
            DefaultValueFactory = _ => [One, Spread],
            AllowMultipleArgumentsPerToken = true,
        };
        clients.AcceptOnlyFromAmong(One, Spread);
        var seconds = new Option<double>("--seconds") { Description = "Measured time of each round.", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each workload on each ensemble.", DefaultValueFactory = _ => 2 };

        var command = new Command("compare-ensemble", "Starts an ensemble of ZooKeeper and silos on PostgreSQL and prints how their rates compare.")
        {
            workloads, servers, clients, seconds, rounds,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var chosen = arguments.GetValue(workloads) is { Length: > 0 } some ? some : names;
            var count = arguments.GetValue(servers);
            await using var zooKeeper = await ComparedEnsemble.StartZooKeeperAsync(count, cancellationToken);
            await using var silos = await SiloCluster.StartAsync(count, cancellationToken);
            var comparison = new EnsembleComparison(zooKeeper, silos, arguments.GetValue(rounds), arguments.GetValue(seconds));
            await comparison.WarmUpAsync();
            Console.WriteLine(ServerComparison.Header);
            foreach (var place in arguments.GetRequiredValue(clients))
            {
                foreach (var work in ComparedWorkload.OfEnsembles.Where(work => chosen.Contains(work.Name)))
                    Console.WriteLine(await comparison.MeasureAsync(work, place == Spread, cancellationToken));
            }

            Console.WriteLine();
            Console.WriteLine(ClusterUsage.Header);
            foreach (var usage in comparison.Usages)
                Console.WriteLine(usage);
        });
        return command;
    }
}
