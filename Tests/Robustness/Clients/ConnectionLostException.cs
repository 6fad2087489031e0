namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>The connection ended before the answer came: whether the request took effect is not known.</summary>
internal sealed class ConnectionLostException : IOException
{
    public ConnectionLostException(string message) : base(message)
    {
    }

    public ConnectionLostException(string message, Exception cause) : base(message, cause)
    {
    }
}
