using System.CommandLine;

namespace OrleansKeeper.Benchmarks.Failover;

/// <summary><c>failover</c>: what clients of the other silos notice when something happens to the one with the sequencer.</summary>
internal static class FailoverCommand
{
    public static Command Create()
    {
        var faults = new Argument<FailoverFault[]>("faults")
        {
            Description = "Which of kill, stop, term; all if none is given.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var rounds = new Option<int>("--rounds") { Description = "How often each.", DefaultValueFactory = _ => 10 };
        var silos = new Option<int>("--silos") { Description = "How many silos; two or more.", DefaultValueFactory = _ => 3 };
        rounds.Validators.Add(result => RequireAtLeast(1, result));
        silos.Validators.Add(result => RequireAtLeast(2, result));

        var command = new Command(
            "failover", "Starts a cluster and prints the time from a fault of the sequencer's silo to the next writes on the others.")
        {
            faults, rounds, silos,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var chosen = arguments.GetValue(faults) is { Length: > 0 } some ? some.Distinct() : Enum.GetValues<FailoverFault>();
            await using var cluster = await ClusterScript.StartAsync(arguments.GetValue(silos), cancellationToken);
            var measurement = new FailoverMeasurement(cluster);
            Console.WriteLine(FailoverMeasurement.Header);
            foreach (var fault in chosen)
                Console.WriteLine(await measurement.MeasureAsync(fault, arguments.GetValue(rounds), cancellationToken));
        });
        return command;
    }

    private static void RequireAtLeast(int least, System.CommandLine.Parsing.OptionResult result)
    {
        if (result.GetValueOrDefault<int>() < least)
            result.AddError($"{result.IdentifierToken?.Value} must be at least {least}.");
    }
}
