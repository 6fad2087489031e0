// Unified configuration: an ASP.NET application whose settings are znodes. A change reaches it while it runs.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Configuration;
using OrleansKeeper.ClientSdk.Samples.Common;
using OrleansKeeper.ClientSdk.Samples.Configuration;

return await Sample.RunAsync(args, async (sample, stopping) =>
{
    const string Path = "/config/shop";
    foreach (var (name, value) in new[] { ("Banner", "Welcome"), ("DiscountPercent", "0") })
    {
        await sample.Client.EnsurePathAsync($"{Path}/{name}", stopping);
        await sample.Client.SetTextAsync($"{Path}/{name}", value, cancellationToken: stopping);
    }

    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Configuration.AddKeeper(sample.Client, Path);
    builder.Services.Configure<ShopOptions>(builder.Configuration);
    await using var app = builder.Build();
    app.MapGet("/", (IOptionsMonitor<ShopOptions> shop) => $"{shop.CurrentValue.Banner}, {shop.CurrentValue.DiscountPercent} % off");
    await app.StartAsync(stopping);

    using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    Console.WriteLine($"The shop says: {await http.GetStringAsync("/", stopping)}");

    var reloads = 0;
    var reloaded = new TaskCompletionSource();
    using var listening = app.Services.GetRequiredService<IOptionsMonitor<ShopOptions>>().OnChange(_ =>
    {
        reloads++;
        reloaded.TrySetResult();
    });

    Console.WriteLine("Two settings change, in one transaction ...");
    await sample.Client.Transaction()
        .SetData($"{Path}/Banner", "Summer sale"u8.ToArray())
        .SetData($"{Path}/DiscountPercent", "20"u8.ToArray())
        .CommitAsync(stopping);
    await sample.WithinAsync(reloaded.Task, "the reload");

    var page = await http.GetStringAsync("/", stopping);
    Console.WriteLine($"The shop says: {page}");
    sample.Check(page == "Summer sale, 20 % off", "the running shop has both settings");
    sample.Check(reloads == 1, "the transaction was one reload");

    await sample.StayAsync(
        $"Set the data of {Path}/Banner or {Path}/DiscountPercent, and look at {app.Urls.First()}.",
        () => Task.Delay(Timeout.Infinite, stopping));
});
