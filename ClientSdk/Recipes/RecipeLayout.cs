namespace OrleansKeeper.ClientSdk.Recipes;

/// <summary>
/// How a recipe names its znodes. A recipe recognizes the names of both when it reads, so .NET clients of either layout exclude each other;
/// the layout decides which clients in other languages recognize ours.
/// </summary>
public enum RecipeLayout
{
    /// <summary>
    /// <c>GUID__lock__SEQUENCE</c>: a kazoo client (Python) contends on the same path as it is. Curator does not recognize these names.
    /// </summary>
    Kazoo,

    /// <summary>
    /// <c>_c_GUID-lock-SEQUENCE</c>: a Curator client (Java) contends on the same path as it is, and so does a kazoo client whose
    /// <c>extra_lock_patterns</c> are <c>["lock-"]</c>.
    /// </summary>
    Curator,
}
