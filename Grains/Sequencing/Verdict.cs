namespace OrleansKeeper.Grains.Sequencing;

/// <summary>What validating an operation came to: it may be done, it fails, or znodes have to be loaded before one can tell.</summary>
/// <param name="Error">Why it fails; <see cref="ErrorCode.Ok"/> when it does not.</param>
/// <param name="MissingPaths">The znodes to be loaded; null when nothing is missing.</param>
internal readonly record struct Verdict(ErrorCode Error, IReadOnlyList<string>? MissingPaths)
{
    public static readonly Verdict Ok = new(ErrorCode.Ok, null);

    public bool IsOk => Error == ErrorCode.Ok && MissingPaths is null;

    public static Verdict Fails(ErrorCode error) => new(error, null);

    public static Verdict Needs(params IReadOnlyList<string> paths) => new(ErrorCode.Ok, paths);
}
