using System.Text.Json.Serialization;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

[JsonSerializable(typeof(NodeLoad))]
internal sealed partial class NodeLoadJson : JsonSerializerContext;
