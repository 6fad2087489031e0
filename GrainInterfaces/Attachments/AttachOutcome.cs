namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What became of an attempt to attach.</summary>
public enum AttachOutcome
{
    /// <summary>The session is carried.</summary>
    Attached,

    /// <summary>The session has expired or was closed, or has another password.</summary>
    Expired,

    /// <summary>The silo does not serve yet, or has not seen what the client has: try again.</summary>
    NotReady,

    /// <summary>The silo does not accept one of the credentials.</summary>
    AuthFailed,

    /// <summary>The client's watches would be more than the silo keeps.</summary>
    TooManyWatches,
}
