using System.CommandLine;
using BenchmarkDotNet.Running;

namespace OrleansKeeper.Benchmarks.Micro;

/// <summary><c>micro</c>: the benchmarks of single parts; what follows goes to BenchmarkDotNet (<c>--filter *Codec*</c>).</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var rest = new Argument<string[]>("arguments") { Description = "BenchmarkDotNet's own arguments." };
        var command = new Command("micro", "Runs the benchmarks of single parts.") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(arguments =>
        {
            string[] own = [.. arguments.GetValue(rest) ?? [], .. arguments.UnmatchedTokens];
            BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(own);
        });
        return command;
    }
}
