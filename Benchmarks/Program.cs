using System.CommandLine;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.Benchmarks.Micro;

LoadGenerator.UseOneSocketThread();

var root = new RootCommand("Measures OrleansKeeper: whole servers from outside, and its parts alone.")
{
    LoadCommand.Create(),
    ComparisonCommand.Create(),
    MicroCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
