// Soft load balancing: each request goes to the server with the fewest visits, which all clients count together in the service.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.AspNetCore;
using OrleansKeeper.ClientSdk.LoadBalancing;
using OrleansKeeper.ClientSdk.Samples.Common;
using OrleansKeeper.ClientSdk.Servers;

return await Sample.RunAsync(args, async (sample, stopping) =>
{
    const int RequestsPerClient = 150;
    var visits = new int[3];
    for (var server = 0; server < visits.Length; server++)
        await StartServerAsync(server);
    await using var directory = await ServerDirectory.OpenAsync(sample.Client, ServerPaths.OfService("shop"), cancellationToken: stopping);
    await using var changes = directory.WatchAsync(stopping).GetAsyncEnumerator(stopping);
    await sample.NextAsync(changes, change => change.Servers.Count == visits.Length, "the servers online");

    Console.WriteLine($"two clients send {RequestsPerClient} requests each, to the server with the fewest visits ...");
    await using var one = new LoadBalancers(await sample.ConnectAsync());
    await using var other = new LoadBalancers(await sample.ConnectAsync());
    await Task.WhenAll(SendAsync(one), SendAsync(other));

    for (var server = 0; server < visits.Length; server++)
        Console.WriteLine($"server {server} was visited {visits[server]} times");
    sample.Check(visits.Sum() == 2 * RequestsPerClient, "each request was answered once");
    sample.Check(visits.Max() - visits.Min() <= visits.Sum() / 10, "the servers were visited about equally often");

    // The counters are znodes: /visits/shop/server-0000000000 and so on.
    foreach (var balancers in new[] { one, other })
        await (await balancers.GetAsync("shop", stopping)).ExchangeVisitsAsync(stopping);
    var counted = 0;
    foreach (var server in directory.Current)
        counted += int.Parse(await sample.Client.GetTextAsync($"/visits/shop/{server.Name}", stopping), CultureInfo.InvariantCulture);
    Console.WriteLine($"the service counted {counted} visits");
    sample.Check(counted == 2 * RequestsPerClient, "the counters in the service hold every visit");

    // The alternatives, for whom each client's own view is enough.
    foreach (var strategy in new[] { LoadBalancingStrategy.LeastOutstanding, LoadBalancingStrategy.RoundRobin })
    {
        Array.Clear(visits);
        await using var alternative = new LoadBalancers(sample.Client, options: new LoadBalancingOptions { Strategy = strategy });
        await SendAsync(alternative);
        Console.WriteLine($"{strategy}: {string.Join(' ', visits)}");
        sample.Check(visits.All(count => count == RequestsPerClient / visits.Length), $"{strategy} treats idle servers alike");
    }

    await sample.StayAsync("Two clients go on sending; visits are shown every two seconds.", async () =>
    {
        for (; ; await Task.Delay(TimeSpan.FromSeconds(2), stopping))
        {
            await Task.WhenAll(SendAsync(one), SendAsync(other));
            Console.WriteLine($"visits: {string.Join(' ', visits)}");
        }
    });

    async Task SendAsync(LoadBalancers balancers)
    {
        using var handler = new LoadBalancingHandler(balancers) { InnerHandler = new SocketsHttpHandler() };
        using var http = new HttpClient(handler);
        for (var request = 0; request < RequestsPerClient; request++)
            await http.GetStringAsync("http://shop/", stopping);
    }

    async Task StartServerAsync(int number)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(await sample.ConnectAsync());
        builder.Services.AddKeeperRegistration("shop", options => options.DrainTime = TimeSpan.Zero);
        var app = builder.Build();
        app.MapGet("/", () => Interlocked.Increment(ref visits[number]));
        await app.StartAsync(stopping);
        sample.StopAtTheEnd(app);
    }
});
