namespace OrleansKeeper.Grains.Storage;

/// <summary>
/// Names of the providers that hold grain state which is not part of the tree.
/// <para>
/// The ADO.NET provider takes a string key that reads as a hexadecimal number, or as a GUID, for that number: "abc", "ABC" and "00abc" would
/// share one row. So a grain whose state is stored here needs keys that cannot be read so, for example with a prefix such as "session/".
/// The row does not name the grain's class either, only its state: each class has a state name of its own.
/// </para>
/// </summary>
internal static class KeeperGrainStorage
{
    /// <summary>Subscriptions of streams; the name is given by Orleans.</summary>
    public const string PubSubStore = "PubSubStore";

    /// <summary>What the session grains keep.</summary>
    public const string Sessions = "Sessions";
}
