using System.CommandLine;
using System.Net;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary><c>load</c>: one or more workloads against a server that runs already.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var host = new Option<string>("--host") { Description = "Address of the server.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int[]>("--port")
        {
            Description = "Client port of the server; several spread the connections over the servers of an ensemble.",
            DefaultValueFactory = _ => [2181],
            AllowMultipleArgumentsPerToken = true,
        };
        var connections = new Option<int>("--connections") { Description = "Sessions.", DefaultValueFactory = _ => 50 };
        var depth = new Option<int>("--depth") { Description = "Requests in flight on each.", DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--seconds") { Description = "Measured time of each workload.", DefaultValueFactory = _ => 5 };
        var keys = new Option<int>("--keys") { Description = "Znodes to read and write.", DefaultValueFactory = _ => 1000 };
        var bytes = new Option<int>("--bytes") { Description = "Data of each.", DefaultValueFactory = _ => 100 };
        var root = new Option<string>("--root") { Description = "Where they are.", DefaultValueFactory = _ => "/bench" };
        var workload = new Option<string[]>("--workload")
        {
            Description = $"One or more of {string.Join(", ", Workload.AllNames)}, any mixNN (NN percent reads), or all.",
            DefaultValueFactory = _ => ["get"],
            AllowMultipleArgumentsPerToken = true,
        };

        var command = new Command("load", "Loads a running server and prints its rates and latencies.")
        {
            host, port, connections, depth, seconds, keys, bytes, root, workload,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var addresses = await Dns.GetHostAddressesAsync(arguments.GetRequiredValue(host), cancellationToken);
            var options = new LoadOptions(
                [.. arguments.GetRequiredValue(port).Select(number => new IPEndPoint(addresses[0], number))],
                arguments.GetValue(connections),
                arguments.GetValue(depth),
                arguments.GetValue(seconds),
                arguments.GetValue(keys),
                arguments.GetValue(bytes),
                arguments.GetRequiredValue(root));
            Console.WriteLine(LoadResult.Header);
            foreach (var name in Names(arguments.GetRequiredValue(workload)))
                Console.WriteLine(await LoadGenerator.RunAsync(Workload.Parse(name), options));
        });
        return command;
    }

    private static string[] Names(string[] given) => given is ["all"] ? Workload.AllNames : given;
}
