using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.ClientSdk.Recipes.Nodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>
/// Who is in a group now, with each one's data, and joining it. A member is an ephemeral znode below the group's, named by its id, which a <see cref="PersistentEphemeralNode"/>
/// keeps; the list is a <see cref="TreeCache"/> of these. Watching needs no joining. As Curator's GroupMember, with its layout; kazoo's Party adds
/// a suffix to names.
/// </summary>
public sealed class GroupMembership : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly GroupMembershipOptions _options;
    private readonly TreeCache _cache;

    private GroupMembership(IKeeperClient client, GroupMembershipOptions options, TreeCache cache)
    {
        _client = client;
        _options = options;
        _cache = cache;
    }

    /// <summary>The group's znode.</summary>
    public string Path => _cache.Path;

    /// <summary>The members, by id, as of one moment.</summary>
    public IReadOnlyDictionary<string, MemberInfo> Members =>
        _cache.Root?.Children.ToDictionary(child => child.Key, child => Describe(child.Value)) ?? [];

    /// <summary>Reads who is in the group, and begins to follow it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The group's znode; it need not exist.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    public static async Task<GroupMembership> StartAsync(
        IKeeperClient client, string path, GroupMembershipOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GroupMembershipOptions();
        var cacheOptions = new TreeCacheOptions { MaxDepth = 1, TimeProvider = options.TimeProvider };
        return new GroupMembership(client, options, await TreeCache.StartAsync(client, path, cacheOptions, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Joins the group. Returns when the service has it; <see cref="Members"/> shows it a moment later.</summary>
    /// <param name="id">The id, unique in the group: what a znode can be called.</param>
    /// <param name="data">What the others are to see.</param>
    /// <param name="cancellationToken">Gives up joining; nothing stays behind.</param>
    /// <returns>The membership: dispose it to leave.</returns>
    /// <exception cref="ArgumentException">The id is not what a znode can be called.</exception>
    public async Task<GroupMember> JoinAsync(string id, ReadOnlyMemory<byte> data = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var path = ZNodePath.Append(Path, id);
        if (id.Contains(ZNodePath.Separator) || ZNodePath.Validate(path, sequential: false) is not null)
            throw new ArgumentException($"\"{id}\" cannot be a member's id: a znode cannot be called so.", nameof(id));

        var node = new PersistentEphemeralNode(_client, path, data, _options.Member);
        try
        {
            node.Start();
            await node.WaitUntilCreatedAsync(cancellationToken).ConfigureAwait(false);
            return new GroupMember(id, node);
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// First a <see cref="MembershipEventType.Joined"/> for each member that is there, then each change, in order; done one after the other they lead to <see cref="Members"/>. A reader that is
    /// slow misses what was undone in between, never the outcome. A member whose session expired and who came back has left and joined.
    /// </summary>
    public async IAsyncEnumerable<MembershipEvent> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var change in _cache.ReadChangesAsync(cancellationToken).ConfigureAwait(false))
        {
            if ((change.Entry ?? change.Previous) is not { } entry || entry.Path == Path)
                continue;

            var type = change.Type switch
            {
                TreeCacheEventType.Added => MembershipEventType.Joined,
                TreeCacheEventType.Removed => MembershipEventType.Left,
                _ => MembershipEventType.Changed,
            };
            yield return new MembershipEvent(type, Describe(entry));
        }
    }

    /// <summary>Stops following. Memberships of one's own stay until they are disposed.</summary>
    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private static MemberInfo Describe(TreeCacheEntry entry) => new(ZNodePath.Name(entry.Path).ToString(), entry.Data, entry.Stat.Czxid);
}
