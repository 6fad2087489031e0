using System.CommandLine;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Benchmarks.Ensemble;
using OrleansKeeper.Benchmarks.Failover;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.Benchmarks.Micro;
using OrleansKeeper.Benchmarks.Watches;

// For the raw sockets of the load generator; Orleans' own are used as they are.
if (args is not [WatchLatencyCommand.Name, ..])
    LoadGenerator.UseOneSocketThread();

var root = new RootCommand("Measures OrleansKeeper: whole servers from outside, and its parts alone.")
{
    LoadCommand.Create(),
    ComparisonCommand.Create(),
    EnsembleCommand.Create(),
    MicroCommand.Create(),
    WatchLatencyCommand.Create(),
    FailoverCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
