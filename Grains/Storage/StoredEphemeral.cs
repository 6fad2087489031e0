using OrleansKeeper.Grains.Security;

namespace OrleansKeeper.Grains.Storage;

/// <summary>What is known of an ephemeral znode at any time, resident or not.</summary>
/// <param name="Path">Its path.</param>
/// <param name="SessionId">The session that owns it.</param>
/// <param name="Acl">Its access control list.</param>
internal readonly record struct StoredEphemeral(string Path, long SessionId, AccessControlList Acl);
