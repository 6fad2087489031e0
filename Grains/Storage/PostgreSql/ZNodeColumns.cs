using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Rows of the znode table as arrays, one a column: the parameters from which a statement makes rows again.</summary>
internal static class ZNodeColumns
{
    /// <summary>The columns, in the order in which <see cref="Of"/> gives them; the first two are the key.</summary>
    public static readonly string[] Names =
    [
        "parent", "name", "czxid", "mzxid", "pzxid", "zxid", "ctime", "mtime", "owner_or_ttl", "version", "created_children", "aversion",
        "num_children", "kind", "acl", "data", "long_parent", "long_name",
    ];

    /// <summary>All columns of rows that are written, with their data or without it.</summary>
    public static NpgsqlParameter[] Of(List<ZNodeRow> rows) =>
    [
        .. KeysOf(rows),
        Column(rows, row => row.Node!.Czxid),
        Column(rows, row => row.Node!.Mzxid),
        Column(rows, row => row.Node!.Pzxid),
        Column(rows, row => row.Node!.Zxid),
        Column(rows, row => row.Node!.Ctime),
        Column(rows, row => row.Node!.Mtime),
        Column(rows, row => row.Node!.OwnerOrTtl),
        Column(rows, row => row.Node!.Version),
        Column(rows, row => row.Node!.CreatedChildren),
        Column(rows, row => row.Node!.Aversion),
        Column(rows, row => row.Node!.NumChildren),
        Column(rows, row => (short)row.Node!.Kind),
        Column(rows, row => AccessControlListColumn.Encode(row.Node!.Acl)),
        Column(rows, row => row.Node!.IsDataResident ? row.Node.Data : null),
        Column(rows, row => KeyText.Beside(row.Parent)),
        Column(rows, row => KeyText.Beside(row.Name)),
    ];

    /// <summary>The key's columns alone.</summary>
    public static NpgsqlParameter[] KeysOf(List<ZNodeRow> rows) =>
        [Column(rows, row => KeyText.Of(row.Parent)), Column(rows, row => KeyText.Of(row.Name))];

    private static NpgsqlParameter<T[]> Column<T>(List<ZNodeRow> rows, Func<ZNodeRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return new NpgsqlParameter<T[]> { TypedValue = column };
    }
}
