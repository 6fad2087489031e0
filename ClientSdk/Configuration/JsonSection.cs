using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>Reads a JSON object into keys exactly as .NET reads an <c>appsettings.json</c>: comments and trailing commas allowed, arrays by
/// index.</summary>
internal sealed class JsonSection : JsonStreamConfigurationProvider
{
    private JsonSection(Stream json)
        : base(new JsonStreamConfigurationSource { Stream = json })
    {
    }

    /// <exception cref="FormatException">It is malformed; the message names the znode.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(string path, string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var section = new JsonSection(stream);
        try
        {
            section.Load();
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new FormatException($"The data of {path} is not a JSON object that can be configuration. {exception.Message}", exception);
        }
        return section.Data;
    }
}
