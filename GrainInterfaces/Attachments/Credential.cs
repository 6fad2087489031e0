namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What a client proves with to be somebody.</summary>
/// <param name="Scheme">The scheme, such as <c>digest</c>.</param>
/// <param name="Secret">What the scheme asks for, such as <c>user:password</c>.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.Credential")]
public sealed record Credential(
    [property: Id(0)] string Scheme,
    [property: Id(1)] byte[] Secret)
{
    /// <summary>Names the scheme and keeps the secret.</summary>
    public override string ToString() => Scheme;
}
