// Unified naming: a name stands for addresses, in one place for everybody. Who resolved it is told of changes.
using OrleansKeeper.ClientSdk.Naming;
using OrleansKeeper.ClientSdk.Samples.Common;
using OrleansKeeper.ClientSdk.Servers;

return await Sample.RunAsync(args, async (sample, stopping) =>
{
    const string Name = "www.example.com";
    await using var names = await NameService.OpenAsync(sample.Client, cancellationToken: stopping);
    await using var others = await NameService.OpenAsync(await sample.ConnectAsync(), cancellationToken: stopping);

    await names.BindAsync(Name, [new ServerAddress("10.0.0.1", 80), new ServerAddress("10.0.0.2", 80)], stopping);
    var binding = await others.ResolveAsync(Name, stopping);
    Console.WriteLine($"{Name} is {Describe(binding)}");
    sample.Check(binding?.Addresses.Count == 2, "the name resolves to the two addresses that it was bound to");

    await using var changes = others.WatchAsync(Name, stopping).GetAsyncEnumerator(stopping);
    await sample.NextAsync(changes, "what the name stands for when the watch begins");

    Console.WriteLine("10.0.0.1 moves to 10.0.0.9 ...");
    await names.BindAsync(Name, [new ServerAddress("10.0.0.9", 80), new ServerAddress("10.0.0.2", 80)], stopping);
    binding = await sample.NextAsync(changes, "the change");
    Console.WriteLine($"{Name} is {Describe(binding)}");
    sample.Check(binding?.Addresses[0].Host == "10.0.0.9", "the change has the new address");
    sample.Check((await others.ResolveAsync(Name, stopping))?.Addresses[0].Host == "10.0.0.9", "the name resolves to the new address");

    Console.WriteLine("the name is given up ...");
    await names.UnbindAsync(Name, stopping);
    binding = await sample.NextAsync(changes, "the change");
    Console.WriteLine($"{Name} is {Describe(binding)}");
    sample.Check(binding is null, "the name stands for nothing");

    await sample.StayAsync($"Set the data of /names/{Name} to addresses, one a line, and watch.", async () =>
    {
        while (await changes.MoveNextAsync())
            Console.WriteLine($"{Name} is {Describe(changes.Current)}");
    });
});

static string Describe(NameBinding? binding) => binding is null ? "not bound" : string.Join(" and ", binding.Addresses);
