using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.Configuration;

/// <summary>Binds the settings and refuses what is wrong with them before anything starts.</summary>
internal static class KeeperConfigurationExtensions
{
    /// <summary>
    /// Adds the settings files, from the current folder or else from beside the program: <c>appsettings/appsettings.json</c>, and over it
    /// the one of the environment, for example <c>appsettings.Cluster.json</c> with <c>--environment Cluster</c>. The environment's
    /// variables and the command line win over both.
    /// </summary>
    public static IConfigurationManager AddKeeperSettings(this IConfigurationManager configuration, string environment, string[] arguments)
    {
        configuration.AddJsonFile(Find("appsettings/appsettings.json"), optional: true, reloadOnChange: false);
        configuration.AddJsonFile(Find($"appsettings/appsettings.{environment}.json"), optional: true, reloadOnChange: false);
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(arguments);
        return configuration;
    }

    /// <summary>Binds section <c>Keeper</c>.</summary>
    public static IServiceCollection AddKeeperOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(KeeperOptions.Section);
        services.AddSingleton<IValidateOptions<KeeperOptions>>(new KeeperOptionsValidation(section));
        services.AddOptions<KeeperOptions>().Bind(section).ValidateOnStart();
        return services;
    }

    private static string Find(string file)
    {
        var path = Path.GetFullPath(file);
        return File.Exists(path) ? path : Path.Combine(AppContext.BaseDirectory, file);
    }
}
