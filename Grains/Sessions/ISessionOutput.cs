using System.Buffers;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Where a session's replies and events go, as frames of ZooKeeper's protocol: a TCP connection, or a .NET client's stream.
/// Everything but the waiting is done under <see cref="Lock"/>, which is the session's lock.
/// </summary>
internal interface ISessionOutput : IBufferWriter<byte>
{
    /// <summary>Guards the output and the session that writes to it.</summary>
    Lock Lock { get; }

    /// <summary>So much waits for the client that no more replies are to be made.</summary>
    bool IsFull { get; }

    /// <summary>So much waits, of events that cannot be held back, that the connection has to go.</summary>
    bool IsOverflowing { get; }

    /// <summary>Sends what was written. Does not wait for the client to take it.</summary>
    void Flush();

    /// <summary>Completes when the client has taken enough, or is gone.</summary>
    Task WaitForRoomAsync();

    /// <summary>Ends the connection once what was written is sent.</summary>
    void Close();

    /// <summary>Ends the connection at once.</summary>
    void Abort(string reason);
}
