namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>The request numbers with a meaning of their own.</summary>
public static class Xid
{
    public const int Notification = -1;
    public const int Ping = -2;
    public const int Auth = -4;
    public const int SetWatches = -8;
}
