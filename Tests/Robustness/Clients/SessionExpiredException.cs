namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>The server answered a handshake with a session that does not exist any more.</summary>
internal sealed class SessionExpiredException(long sessionId) : Exception($"Session 0x{sessionId:x} is gone.");
