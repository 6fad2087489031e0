using System.CommandLine;

namespace OrleansKeeper.Benchmarks.Watches;

/// <summary><c>watch-latency</c>: how long a .NET client waits for the event of a change, through a real gateway, and what an idle silo costs.</summary>
internal static class WatchLatencyCommand
{
    public const string Name = "watch-latency";

    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Changes a second.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<double>("--seconds") { Description = "Measured time.", DefaultValueFactory = _ => 10 };
        var idle = new Option<double>("--idle-seconds") { Description = "How long the silo is looked at while nothing happens.", DefaultValueFactory = _ => 20 };
        var command = new Command(Name, "Starts a silo and prints the time from a change to its event at a client, and the idle silo's load.")
        {
            rate, seconds, idle,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var measurement = await WatchLatency.StartAsync(cancellationToken);
            Console.WriteLine(await measurement.MeasureLatencyAsync(
                arguments.GetValue(rate), TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken));
            Console.WriteLine(await measurement.MeasureIdleAsync(TimeSpan.FromSeconds(arguments.GetValue(idle)), cancellationToken));
        });
        return command;
    }
}
