namespace OrleansKeeper.Grains.Sequencing;

/// <summary>What validating an operation came to: it may be done, it fails, or a znode has to be loaded before one can tell.</summary>
/// <param name="Error">Why it fails; <see cref="ErrorCode.Ok"/> when it does not.</param>
/// <param name="MissingPath">The znode to be loaded; null when nothing is missing.</param>
internal readonly record struct Verdict(ErrorCode Error, string? MissingPath)
{
    public static readonly Verdict Ok = new(ErrorCode.Ok, null);

    public bool IsOk => Error == ErrorCode.Ok && MissingPath is null;

    public static Verdict Fails(ErrorCode error) => new(error, null);

    public static Verdict Needs(string path) => new(ErrorCode.Ok, path);
}
