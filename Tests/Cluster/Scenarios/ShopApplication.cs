using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>A running web application whose settings come from wherever a test says.</summary>
internal sealed class ShopApplication : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _http;
    private readonly IDisposable? _listening;
    private readonly Channel<ShopOptions> _reloads = Channel.CreateUnbounded<ShopOptions>();

    private ShopApplication(WebApplication application)
    {
        _application = application;
        _http = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        _listening = application.Services.GetRequiredService<IOptionsMonitor<ShopOptions>>().OnChange(shop => _reloads.Writer.TryWrite(shop));
    }

    /// <summary>Each reload's settings, in order.</summary>
    public ChannelReader<ShopOptions> Reloads => _reloads.Reader;

    public static async Task<ShopApplication> StartAsync(Action<IConfigurationManager> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder.Configuration);
        builder.Services.Configure<ShopOptions>(builder.Configuration.GetSection("Shop"));
        var application = builder.Build();
        application.MapGet("/", (IOptionsMonitor<ShopOptions> shop) => $"{shop.CurrentValue.Banner} {shop.CurrentValue.Discount}");
        await application.StartAsync();
        return new ShopApplication(application);
    }

    /// <summary>What a request is answered.</summary>
    public Task<string> AskAsync() => _http.GetStringAsync("/");

    public async ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        _http.Dispose();
        await _application.DisposeAsync();
    }
}
