namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>A database file was written by a later version of this program.</summary>
internal sealed class SchemaVersionException(string path, long found, int known) : InvalidOperationException(
    $"{path} has schema version {found}, but this program knows only versions up to {known}: run the version that wrote it, or a later one.");
