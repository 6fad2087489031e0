using System.CommandLine;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary><c>compare-zookeeper</c>: this repository's silo beside ZooKeeper, on this machine, in one run.</summary>
internal static class ComparisonCommand
{
    public static Command Create()
    {
        var names = string.Join(", ", ComparedWorkload.All.Select(work => work.Name));
        var workloads = new Argument<string[]>("workloads") { Description = $"Which of {names}; all if none is given." };
        workloads.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.Select(token => token.Value).Except(ComparedWorkload.All.Select(work => work.Name)))
                result.AddError($"'{unknown}' is no workload: expected some of {names}.");
        });
        var seconds = new Option<double>("--seconds") { Description = "Measured time of each round.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each workload on each server.", DefaultValueFactory = _ => 2 };

        var command = new Command("compare-zookeeper", "Starts ZooKeeper and the silo and prints how their rates compare.")
        {
            workloads, seconds, rounds,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var chosen = arguments.GetValue(workloads) is { Length: > 0 } some
                ? ComparedWorkload.All.Where(work => some.Contains(work.Name))
                : ComparedWorkload.All;
            await using var zooKeeper = await ComparedServer.StartAsync(ZooKeeperCommand.Create, cancellationToken);
            await using var silo = await ComparedServer.StartAsync(SiloCommand.Create, cancellationToken);
            var comparison = new ServerComparison(
                zooKeeper.EndPoint, silo.EndPoint, arguments.GetValue(rounds), arguments.GetValue(seconds));
            await comparison.WarmUpAsync();
            Console.WriteLine(ServerComparison.Header);
            foreach (var work in chosen)
                Console.WriteLine(await comparison.MeasureAsync(work));
        });
        return command;
    }
}
