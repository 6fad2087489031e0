using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>How configuration is taken from the service.</summary>
public sealed class KeeperConfigurationOptions
{
    /// <summary>
    /// Whether the application starts without the configuration when the service cannot be reached within <see cref="StartTimeout"/>, there
    /// is nothing to read, or what is there is malformed. It has the values as soon as they can be read. Otherwise the start fails with
    /// <see cref="KeeperConfigurationException"/>.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>How long the start waits for the values.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether data that is a JSON object becomes a section, as in an <c>appsettings.json</c>; otherwise it is text.</summary>
    public bool ParseJson { get; set; }

    /// <summary>Hears of values that cannot be taken over, since the application's own logging does not exist yet when its configuration is
    /// read.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (StartTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(StartTimeout)} is {StartTimeout}; it has to be positive.");
    }
}
