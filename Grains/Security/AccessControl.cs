using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Security;

/// <summary>Decides by an access control list, and makes the list that a client means from the one that it sent.</summary>
internal static class AccessControl
{
    private static readonly Acl[] None = [];

    /// <summary>Whether one of the identities has any of the permissions.</summary>
    public static bool Allows(AccessControlList acl, Permissions permissions, IReadOnlyList<Id> identities)
    {
        // By far the most common list is decided without looking at anybody.
        if (ReferenceEquals(acl, AccessControlList.OpenUnsafe))
            return true;

        foreach (var identity in identities)
        {
            if (identity.Scheme == Authentication.Super)
                return true;
        }

        foreach (var entry in acl.Entries)
        {
            if ((entry.Permissions & permissions) == 0)
                continue;
            if (entry.Id is { Scheme: Authentication.World, Identity: Authentication.Anyone })
                return true;

            foreach (var identity in identities)
            {
                if (identity.Scheme == entry.Id.Scheme && Matches(identity, entry.Id.Identity!))
                    return true;
            }
        }

        return acl.Entries.IsEmpty;
    }

    /// <summary>
    /// The list as it is kept: duplicates removed, and <c>auth</c> replaced by everybody that the connection authenticated as.
    /// Null when the list is empty, or an entry is not valid.
    /// </summary>
    public static AccessControlList? Fix(Acl[]? entries, IReadOnlyList<Id> identities)
    {
        if (entries is [{ Permissions: Permissions.All, Id: { Scheme: Authentication.World, Identity: Authentication.Anyone } }])
            return AccessControlList.OpenUnsafe;

        var kept = new List<Acl>();
        foreach (var entry in (entries ?? None).Distinct())
        {
            if (entry.Id.Scheme is not { } scheme || entry.Id.Identity is not { } identity)
                return null;
            if (scheme == Authentication.Auth)
            {
                var authenticated = identities.Where(id => id.Scheme == Authentication.Digest).ToList();
                if (authenticated.Count == 0)
                    return null;

                kept.AddRange(authenticated.Select(id => new Acl(entry.Permissions, id)));
            }
            else if (IsValid(scheme, identity))
            {
                kept.Add(entry);
            }
            else
            {
                return null;
            }
        }

        return kept.Count == 0 ? null : AccessControlList.Of([.. kept]);
    }

    /// <summary>The entries as somebody who may not administer the znode sees them: without the hashes of passwords.</summary>
    public static Acl[] WithoutDigests(AccessControlList acl)
    {
        var entries = acl.Entries.ToArray();
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Id is { Scheme: Authentication.Digest, Identity: { } identity })
                entries[i] = entries[i] with { Id = new Id(Authentication.Digest, identity.Split(':', 2)[0] + ":x") };
        }

        return entries;
    }

    private static bool Matches(Id identity, string entry) =>
        identity.Scheme == Authentication.Ip ? IpRange.Contains(entry, identity.Identity!) : identity.Identity == entry;

    private static bool IsValid(string scheme, string identity) => scheme switch
    {
        Authentication.World => identity == Authentication.Anyone,
        // As Java splits: colons at the end do not count.
        Authentication.Digest => identity.TrimEnd(':').Split(':').Length == 2,
        Authentication.Ip => IpRange.IsValid(identity),
        _ => false,
    };
}
