// The tests measure time and start processes that use every core: two at once would disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
