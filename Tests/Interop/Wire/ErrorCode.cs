namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>The error codes that the tests name.</summary>
public static class ErrorCode
{
    public const int Ok = 0;
    public const int MarshallingError = -5;
    public const int Unimplemented = -6;
    public const int NoNode = -101;
    public const int NoAuth = -102;
    public const int AuthFailed = -115;
}
