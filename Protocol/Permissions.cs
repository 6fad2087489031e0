namespace OrleansKeeper.Protocol;

/// <summary>What an access control list entry allows.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reading the node's data and children.</summary>
    Read = 1,

    /// <summary>Setting the node's data.</summary>
    Write = 2,

    /// <summary>Creating children.</summary>
    Create = 4,

    /// <summary>Deleting children.</summary>
    Delete = 8,

    /// <summary>Setting the access control list.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = 31,
}
