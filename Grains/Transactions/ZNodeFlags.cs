namespace OrleansKeeper.Grains.Transactions;

/// <summary>Which of a logged znode's fields are the transaction's own, and whether its data follows. The bits stand in the log.</summary>
[Flags]
internal enum ZNodeFlags : byte
{
    None = 0,
    CreatedHere = 1,
    ModifiedHere = 2,
    ChildrenChangedHere = 4,
    CreatedNow = 8,
    ModifiedNow = 16,
    NoOwnerOrTtl = 32,
    Data = 64,
    NullData = 128,
}
