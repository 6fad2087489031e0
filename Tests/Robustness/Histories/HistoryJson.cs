using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>How a history is written: a line for each thing that happened.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(ConnectionRecord))]
[JsonSerializable(typeof(LockGrant))]
[JsonSerializable(typeof(FaultRecord))]
[JsonSerializable(typeof(SiloEnd))]
[JsonSerializable(typeof(SessionExpiry))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static string Line(object happened) => JsonSerializer.Serialize(happened, happened.GetType(), Default);
}
