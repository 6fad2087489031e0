using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.Configuration;

/// <summary>Binds the settings and refuses what is wrong with them before anything starts.</summary>
internal static class KeeperConfigurationExtensions
{
    private const string SettingsFile = "appsettings/appsettings.json";

    /// <summary>
    /// Adds the settings file, from the current folder or else from beside the program; the environment and the command line win over it.
    /// </summary>
    public static IConfigurationManager AddKeeperSettings(this IConfigurationManager configuration, string[] arguments)
    {
        var path = Path.GetFullPath(SettingsFile);
        if (!File.Exists(path))
            path = Path.Combine(AppContext.BaseDirectory, SettingsFile);
        configuration.AddJsonFile(path, optional: true, reloadOnChange: false);
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
}
