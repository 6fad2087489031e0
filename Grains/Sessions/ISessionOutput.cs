using System.Buffers;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Where a session's replies and events go, as frames of ZooKeeper's protocol: a TCP connection, or a .NET client's stream.
/// Written to under the session's lock only.
/// </summary>
internal interface ISessionOutput : IBufferWriter<byte>
{
    /// <summary>Sends what was written. Does not wait for the client to take it.</summary>
    void Flush();

    /// <summary>Ends the connection once what was written is sent.</summary>
    void Close();
}
