using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>How Orleans carries an identity of the protocol, which knows nothing of Orleans.</summary>
[GenerateSerializer, Alias("OrleansKeeper.IdSurrogate")]
public struct IdSurrogate
{
    /// <summary>The scheme.</summary>
    [Id(0)]
    public string? Scheme;

    /// <summary>The id within the scheme.</summary>
    [Id(1)]
    public string? Identity;
}

/// <summary>Converts an identity to what Orleans carries, and back.</summary>
[RegisterConverter]
public sealed class IdSurrogateConverter : IConverter<Identity, IdSurrogate>
{
    /// <inheritdoc/>
    public Identity ConvertFromSurrogate(in IdSurrogate surrogate) => new(surrogate.Scheme, surrogate.Identity);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in Identity value) => new() { Scheme = value.Scheme, Identity = value.Identity };
}
