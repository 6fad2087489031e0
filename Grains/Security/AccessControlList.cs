using System.Collections.Concurrent;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Security;

/// <summary>
/// An immutable access control list. Most znodes of a tree share a few lists, so equal lists are one object:
/// <see cref="Of"/> keeps a bounded table of them.
/// </summary>
internal sealed class AccessControlList : IEquatable<AccessControlList>
{
    private const int MostSharedLists = 4096;

    private static readonly ConcurrentDictionary<AccessControlList, AccessControlList> Shared = new();

    private readonly Acl[] _entries;
    private readonly int _hash;

    private AccessControlList(Acl[] entries)
    {
        _entries = entries;
        var hash = default(HashCode);
        foreach (var entry in entries)
            hash.Add(entry);
        _hash = hash.ToHashCode();
    }

    /// <summary>Everybody may do everything.</summary>
    public static AccessControlList OpenUnsafe { get; } = Of([new Acl(Permissions.All, new Id("world", "anyone"))]);

    /// <summary>Everybody may read.</summary>
    public static AccessControlList ReadUnsafe { get; } = Of([new Acl(Permissions.Read, new Id("world", "anyone"))]);

    public ReadOnlySpan<Acl> Entries => _entries;

    /// <summary>The list with these entries, in this order.</summary>
    public static AccessControlList Of(Acl[] entries)
    {
        var list = new AccessControlList(entries);
        if (Shared.TryGetValue(list, out var shared))
            return shared;

        return Shared.Count < MostSharedLists ? Shared.GetOrAdd(list, list) : list;
    }

    public bool Equals(AccessControlList? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _entries.AsSpan().SequenceEqual(other._entries)));

    public override bool Equals(object? obj) => Equals(obj as AccessControlList);

    public override int GetHashCode() => _hash;
}
