using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.Configuration;

/// <summary>Says of every setting that is unknown or out of range which one it is, and what it may be.</summary>
internal sealed class KeeperOptionsValidation(IConfigurationSection section) : IValidateOptions<KeeperOptions>
{
    private static readonly Dictionary<string, PropertyInfo> Settings = typeof(KeeperOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first setting that cannot even be read, as a sentence; null when all can.</summary>
    public static string? FindUnreadable(IConfigurationSection section)
    {
        foreach (var setting in section.GetChildren())
        {
            if (!Settings.TryGetValue(setting.Key, out var property))
                return $"{setting.Path} is not a setting. The settings are: {string.Join(", ", Settings.Keys.Order(StringComparer.Ordinal))}.";
            if (setting.Value is { } value && !IsReadable(value, property.PropertyType))
                return $"{setting.Path} = {value} is not {Expected(property.PropertyType)}.";
        }

        return null;
    }

    public ValidateOptionsResult Validate(string? name, KeeperOptions options)
    {
        var failures = new List<string>();
        foreach (var property in Settings.Values)
        {
            var value = property.GetValue(options);
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
                failures.Add(Explain(section.Path, property.Name, value, rule));
        }

        if (!IPAddress.TryParse(options.ClientAddress, out _))
            failures.Add($"{section.Path}:{nameof(options.ClientAddress)} = {options.ClientAddress} is not an IP address.");
        if (options.EffectiveMinSessionTimeout > options.EffectiveMaxSessionTimeout)
        {
            failures.Add(
                $"{section.Path}:{nameof(options.MinSessionTimeout)} ({options.EffectiveMinSessionTimeout} ms) is more than "
                + $"{section.Path}:{nameof(options.MaxSessionTimeout)} ({options.EffectiveMaxSessionTimeout} ms).");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsReadable(string value, Type type) =>
        type.IsEnum ? Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) : TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
        _ when type == typeof(string) => "a text",
        _ => "a number that fits",
    };

    private static string Explain(string path, string name, object? value, ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"{path}:{name} = {value} is out of range: it may be {range.Minimum} to {range.Maximum}.",
        _ => $"{path}:{name} must not be empty.",
    };
}
