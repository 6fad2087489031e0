namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>What matters of a znode for configuration.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">Its data as text in UTF-8.</param>
/// <param name="HasChildren">Whether there are znodes below it.</param>
internal readonly record struct ConfigurationZNode(string Path, string Text, bool HasChildren);
