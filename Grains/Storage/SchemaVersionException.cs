namespace OrleansKeeper.Grains.Storage;

/// <summary>A database was written by a later version of this program.</summary>
internal sealed class SchemaVersionException(string database, long found, int known) : InvalidOperationException(
    $"{database} has schema version {found}, but this program knows only versions up to {known}: run the version that wrote it, or a later one.");
