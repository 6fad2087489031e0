namespace OrleansKeeper.Silo;

/// <summary>A setting is unknown or out of range; the message names it.</summary>
internal sealed class InvalidSettingException(string message) : Exception(message);
