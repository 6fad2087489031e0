namespace OrleansKeeper.ClientSdk.Samples.Common;

/// <summary>What the sample is there to show did not happen.</summary>
/// <param name="message">What did not.</param>
public sealed class SampleFailedException(string message) : Exception(message);
