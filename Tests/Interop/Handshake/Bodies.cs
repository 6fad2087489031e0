using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>The few request bodies that the handshake tests need.</summary>
internal static class Bodies
{
    public static JuteWriter Path(string path) => new JuteWriter().String(path);

    public static JuteWriter PathAndWatch(string path, bool watch = false) => new JuteWriter().String(path).Bool(watch);

    public static JuteWriter Create(string path, int flags = 0, byte[]? data = null) =>
        new JuteWriter().String(path).Buffer(data ?? [1, 2, 3]).Raw(OpenAcl).Int(flags);

    public static JuteWriter CreateTtl(string path, int flags, long ttl) => Create(path, flags).Long(ttl);

    public static JuteWriter Delete(string path) => new JuteWriter().String(path).Int(-1);

    public static JuteWriter SetData(string path) => new JuteWriter().String(path).Buffer([4, 5]).Int(-1);

    public static string UniquePath() => $"/handshake-{Guid.NewGuid():n}";

    private static byte[] OpenAcl { get; } = new JuteWriter().Int(1).Int(31).String("world").String("anyone").ToArray();
}
