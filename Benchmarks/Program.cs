using System.CommandLine;
using OrleansKeeper.Benchmarks.Load;

LoadGenerator.UseOneSocketThread();

var root = new RootCommand("Measures OrleansKeeper: whole servers from outside, and its parts alone.")
{
    LoadCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
