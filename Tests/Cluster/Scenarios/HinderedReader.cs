using System.Reflection;
using OrleansKeeper.ClientSdk;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>A client before each of whose reads of data something happens.</summary>
public class HinderedReader : DispatchProxy
{
    private IKeeperClient? _client;
    private Func<Task>? _happen;

    public static IKeeperClient Create(IKeeperClient client, Func<Task> happen)
    {
        var proxy = Create<IKeeperClient, HinderedReader>();
        var reader = (HinderedReader)(object)proxy;
        (reader._client, reader._happen) = (client, happen);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IKeeperClient.GetAsync) ? GetAsync((string)args![0]!) : targetMethod.Invoke(_client, args);

    private async Task<ZNodeContent> GetAsync(string path)
    {
        await _happen!();
        return await _client!.GetAsync(path);
    }
}
