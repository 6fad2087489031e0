namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>A session that a client was told is gone, although it had not closed it.</summary>
/// <param name="Client">Whose it was.</param>
/// <param name="SessionId">Which one.</param>
/// <param name="Timeout">How long it may be silent, in milliseconds.</param>
/// <param name="Silence">The milliseconds since the client sent the last request that was answered.</param>
/// <param name="LastHeard">When it sent that.</param>
internal sealed record SessionExpiry(int Client, long SessionId, double Timeout, double Silence, long LastHeard);
