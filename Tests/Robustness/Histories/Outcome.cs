namespace OrleansKeeper.Tests.Robustness.Histories;

internal enum Outcome
{
    /// <summary>No answer came, or one that says nothing: the request may have taken effect or not.</summary>
    Unknown,
    Acknowledged,

    /// <summary>The answer is an error: the request must not have taken effect.</summary>
    Refused,
}
