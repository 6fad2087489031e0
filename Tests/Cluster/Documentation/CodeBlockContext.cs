namespace OrleansKeeper.Tests.Cluster.Documentation;

/// <summary>
/// What a block of a document may use without declaring it. A block is compiled as a program of its own: its first lines may be usings,
/// what follows are top-level statements and types. Beside the usual implicit usings it sees the names below, unless it declares them
/// itself: they are static members of the class that the compiler makes of top-level statements.
/// </summary>
internal static class CodeBlockContext
{
    public const string Source =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;

        #nullable enable

        partial class Program
        {
            static Orleans.IGrainFactory grainFactory = null!;
            static Orleans.Hosting.ISiloBuilder siloBuilder = null!;
            static OrleansKeeper.ClientSdk.IKeeperClient client = null!;
            static WebApplicationBuilder builder = null!;
            static IServiceCollection services = null!;
            static CancellationToken cancellationToken = default;
        }
        """;
}
