using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sequencing;

namespace OrleansKeeper.Silo.Admin;

/// <summary>
/// Health over HTTP: live while the process answers at all; ready while it serves clients and the log can be written.
/// Neither asks a grain or the disk, so that a probe is never slow.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Text("live"));
        endpoints.MapGet("/health/ready", (KeeperEngine engine, LogAppender appender) => (engine.IsServing, appender.IsFailing) switch
        {
            (true, false) => Results.Text("ready"),
            (true, true) => Results.Text("the transaction log cannot be written", statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => Results.Text("starting or stopping", statusCode: StatusCodes.Status503ServiceUnavailable),
        });
    }
}
