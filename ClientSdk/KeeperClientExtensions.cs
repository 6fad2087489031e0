using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>Shorter forms of a client's operations, and typed data: text in UTF-8, and JSON by source-generated serialization.</summary>
public static class KeeperClientExtensions
{
    /// <summary>Creates a znode without data.</summary>
    public static Task<CreatedZNode> CreateAsync(
        this IKeeperClient client, string path, CreateMode mode = CreateMode.Persistent, CancellationToken cancellationToken = default) =>
        client.CreateAsync(path, ReadOnlyMemory<byte>.Empty, new CreateOptions { Mode = mode }, cancellationToken);

    /// <summary>Creates a znode.</summary>
    public static Task<CreatedZNode> CreateAsync(
        this IKeeperClient client,
        string path,
        ReadOnlyMemory<byte> data,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default) =>
        client.CreateAsync(path, data, new CreateOptions { Mode = mode }, cancellationToken);

    /// <summary>Creates a znode with text for data, in UTF-8.</summary>
    public static Task<CreatedZNode> CreateAsync(
        this IKeeperClient client,
        string path,
        string text,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default) =>
        client.CreateAsync(path, Encoding.UTF8.GetBytes(text), new CreateOptions { Mode = mode }, cancellationToken);

    /// <summary>Sets a znode's data to text, in UTF-8.</summary>
    public static Task<Stat> SetTextAsync(
        this IKeeperClient client, string path, string text, int version = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        client.SetDataAsync(path, Encoding.UTF8.GetBytes(text), version, cancellationToken);

    /// <summary>Reads a znode's data as text in UTF-8.</summary>
    public static async Task<string> GetTextAsync(this IKeeperClient client, string path, CancellationToken cancellationToken = default) =>
        (await client.GetAsync(path, cancellationToken).ConfigureAwait(false)).Text();

    /// <summary>Sets a znode's data to a value in JSON.</summary>
    public static Task<Stat> SetJsonAsync<T>(
        this IKeeperClient client,
        string path,
        T value,
        JsonTypeInfo<T> typeInfo,
        int version = KeeperVersion.Any,
        CancellationToken cancellationToken = default) =>
        client.SetDataAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), version, cancellationToken);

    /// <summary>Reads a znode's data as a value in JSON, and its Stat.</summary>
    public static async Task<(T? Value, Stat Stat)> GetJsonAsync<T>(
        this IKeeperClient client, string path, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        var content = await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return (content.Json(typeInfo), content.Stat);
    }

    /// <summary>The data as text in UTF-8.</summary>
    public static string Text(this in ZNodeContent content) => Encoding.UTF8.GetString(content.Data.Span);

    /// <summary>The data as a value in JSON.</summary>
    public static T? Json<T>(this in ZNodeContent content, JsonTypeInfo<T> typeInfo) =>
        JsonSerializer.Deserialize(content.Data.Span, typeInfo);

    /// <summary>Begins a transaction.</summary>
    public static KeeperTransaction Transaction(this IKeeperClient client) => new(client);

    /// <summary>Watches a path: the events from the moment in which the enumeration begins, until it ends.</summary>
    public static async IAsyncEnumerable<WatchEvent> WatchAsync(
        this IKeeperClient client,
        string path,
        WatchMode mode = WatchMode.Persistent,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var watch = await client.OpenWatchAsync(path, mode, cancellationToken).ConfigureAwait(false);
        await foreach (var watchEvent in watch.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return watchEvent;
    }

    /// <summary>Reads a znode; null when there is none.</summary>
    public static async Task<ZNodeContent?> FindAsync(this IKeeperClient client, string path, CancellationToken cancellationToken = default)
    {
        try
        {
            return await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    /// <summary>Creates the znode and those above it that are missing, persistent, without data; does nothing where they exist.</summary>
    public static async Task EnsurePathAsync(this IKeeperClient client, string path, CancellationToken cancellationToken = default)
    {
        if (path == ZNodePath.Root || await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false) is not null)
            return;

        await client.EnsurePathAsync(ZNodePath.Parent(path), cancellationToken).ConfigureAwait(false);
        try
        {
            await client.CreateAsync(path, CreateMode.Persistent, cancellationToken).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
        }
    }
}
