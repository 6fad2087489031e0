namespace OrleansKeeper.Grains.Transactions;

/// <summary>What a transaction did to one znode. The numbers stand in the log: never renumber.</summary>
internal enum ZNodeChangeKind : byte
{
    Created = 1,
    Deleted = 2,
    DataSet = 3,
    AclSet = 4,

    /// <summary>A child was created or deleted by the change before this one.</summary>
    ChildrenChanged = 5,
}
