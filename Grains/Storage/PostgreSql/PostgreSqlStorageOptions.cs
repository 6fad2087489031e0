namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Where the storage of a cluster is.</summary>
internal sealed class PostgreSqlStorageOptions
{
    /// <summary>How to reach the database, in Npgsql's form: <c>Host=…;Database=…;Username=…;Password=…</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that holds everything, so that the database can be shared; created when it is missing.</summary>
    public string Schema { get; set; } = "keeper";

    /// <summary>How long an append or a read waits for a database that is away before it fails.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);
}
