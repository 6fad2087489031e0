// Each test has silos of its own and looks at times and timeouts: side by side they would take each other's processor.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
