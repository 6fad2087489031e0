// Servers that go online and offline: (1) they register, (2) a client lists them and watches, (3) one goes down,
// (4) the client is told, (5) and lists and watches again.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.AspNetCore;
using OrleansKeeper.ClientSdk.Discovery;
using OrleansKeeper.ClientSdk.Samples.Common;
using OrleansKeeper.ClientSdk.Servers;

return await Sample.RunAsync(args, async (sample, stopping) =>
{
    await using var first = await StartServerAsync("first");
    await using var second = await StartServerAsync("second");
    await using var third = await StartServerAsync("third");

    await using var directory = await ServerDirectory.OpenAsync(sample.Client, ServerPaths.OfService("shop"), cancellationToken: stopping);
    await using var changes = directory.WatchAsync(stopping).GetAsyncEnumerator(stopping);
    var online = await sample.NextAsync(changes, change => change.Servers.Count == 3, "three servers online");
    Describe(online);

    Console.WriteLine("the second server goes down ...");
    var gone = new Uri(second.Urls.First()).Port;
    await second.StopAsync(stopping);
    var left = await sample.NextAsync(changes, "the event");
    Describe(left);
    sample.Check(left.Left.Single().Address.Port == gone && left.Servers.Count == 2, "the event tells who left, and the list has the two others");

    Console.WriteLine("a fourth one starts ...");
    await using var fourth = await StartServerAsync("fourth");
    var joined = await sample.NextAsync(changes, "the event");
    Describe(joined);
    sample.Check(joined.Joined.Count == 1 && joined.Servers.Count == 3, "the event tells who joined, and the list has three servers");

    // And .NET's HttpClient finds them by the service's name.
    var caller = Host.CreateEmptyApplicationBuilder(null);
    caller.Services.AddSingleton(sample.Client);
    caller.Services.AddServiceDiscovery().AddKeeperEndpointProvider();
    caller.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
    using var host = caller.Build();
    using var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
    HashSet<string> answers = [];
    for (var request = 0; request < 6; request++)
        answers.Add(await http.GetStringAsync("http://shop/", stopping));
    Console.WriteLine($"http://shop/ was answered by: {string.Join(", ", answers.Order())}");
    sample.Check(answers.SetEquals(["first", "third", "fourth"]), "exactly the servers that are online answer");

    await sample.StayAsync("Register more servers below /servers/shop, and watch.", async () =>
    {
        while (await changes.MoveNextAsync())
            Describe(changes.Current);
    });

    async Task<WebApplication> StartServerAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(await sample.ConnectAsync());
        builder.Services.AddKeeperRegistration("shop", options => options.DrainTime = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        app.MapGet("/", () => name);
        await app.StartAsync(stopping);
        return app;
    }
});

static void Describe(ServersChange change)
{
    foreach (var server in change.Left)
        Console.WriteLine($"event: {server.Name} left");
    foreach (var server in change.Joined)
        Console.WriteLine($"event: {server.Name} joined");
    Console.WriteLine($"online: {string.Join(' ', change.Servers.Select(server => server.Address))}");
}
