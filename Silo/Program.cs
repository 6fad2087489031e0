using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansKeeper.Grains;
using OrleansKeeper.Silo;
using OrleansKeeper.Silo.Admin;
using OrleansKeeper.Silo.Configuration;
using OrleansKeeper.Silo.FrontEnd;

SocketThreads.Configure();
return await StartFailure.ReportAsync(() => RunAsync(args));

static async Task RunAsync(string[] args)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddKeeperSettings(builder.Environment.EnvironmentName, args);
    var keeperSection = builder.Configuration.GetSection(KeeperOptions.Section);
    if (KeeperOptionsValidation.FindUnreadable(keeperSection) is { } complaint)
        throw new InvalidSettingException(complaint);

    var keeper = keeperSection.Get<KeeperOptions>() ?? new KeeperOptions();
    if (new KeeperOptionsValidation(keeperSection).Validate(null, keeper) is { Failed: true } failed)
        throw new InvalidSettingException(failed.FailureMessage);

    builder.Services.AddKeeperOptions(builder.Configuration);
    builder.Services.AddFrontEnd();
    builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
    builder.UseOrleans(silo => silo.UseKeeperClustering(keeper.Storage).AddKeeper());
    builder.WebHost.UseSockets(options =>
    {
        options.UnsafePreferInlineScheduling = true;
        options.MaxReadBufferSize = keeper.MaxRequestBytes + (64 * 1024);
        options.MaxWriteBufferSize = keeper.MaxQueuedBytesPerConnection;
    });
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Parse(keeper.ClientAddress), keeper.ClientPort, listen => listen.UseConnectionHandler<KeeperConnectionHandler>());
        kestrel.ListenLocalhost(keeper.AdminPort);
    });

    var app = builder.Build();
    app.MapHealth();
    app.Lifetime.ApplicationStarted.Register(() => StartMessage.Log(app.Services));
    await app.RunAsync();
}
