namespace OrleansKeeper.Protocol.Jute;

/// <summary>Bytes received are not the record they were read as. The message names what was wrong.</summary>
public sealed class JuteFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    public JuteFormatException()
    {
    }

    /// <summary>Creates the exception with a sentence that names what was wrong.</summary>
    public JuteFormatException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a sentence that names what was wrong, and its cause.</summary>
    public JuteFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }

    // Kept apart from the readers so that their methods stay small enough to be inlined.
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void ThrowTruncated(int needed, int remaining) =>
        throw new JuteFormatException($"Unexpected end of record: {needed} bytes needed, {remaining} left.");

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void ThrowLength(int length, int remaining) =>
        throw new JuteFormatException($"Unreasonable length = {length} of a string or buffer, {remaining} bytes left.");

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void ThrowCount(int count, int remaining) =>
        throw new JuteFormatException($"Unreasonable count = {count} of a vector, {remaining} bytes left.");

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void ThrowNullElement(int index) =>
        throw new JuteFormatException($"Element {index} of a vector of strings is null.");
}
