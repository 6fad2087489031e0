using System.Text.Json.Serialization;

namespace OrleansKeeper.ClientSdk.Samples.ClusterStatus;

/// <summary>Writes and reads <see cref="NodeState"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeState))]
public sealed partial class NodeStateJson : JsonSerializerContext;
