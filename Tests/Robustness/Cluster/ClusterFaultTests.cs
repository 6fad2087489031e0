using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>
/// Whatever befalls silos, no client is told anything that is not so: everything that clients of all silos did and saw is checked.
/// </summary>
public sealed class ClusterFaultTests : ClusterTest
{
    private const string NoNetwork = "ZooKeeper's servers are started without a network to disturb.";

    [Fact]
    public Task Killed_silos_lose_nothing() => RunUnderFaultsAsync(hasNetwork: false, FaultKind.Kill);

    [Fact]
    public Task Silos_that_end_in_good_order_lose_nothing() => RunUnderFaultsAsync(hasNetwork: false, FaultKind.Terminate);

    [Fact]
    public Task Paused_silos_change_nothing_when_they_are_back() => RunUnderFaultsAsync(hasNetwork: false, FaultKind.Pause);

    [Fact]
    public Task Silos_cut_off_from_each_other_stay_right()
    {
        ServerKind.RequireSilo(NoNetwork);
        return RunUnderFaultsAsync(hasNetwork: true, FaultKind.CutFromSilos, FaultKind.StallFromSilos);
    }

    [Fact]
    public Task Silos_cut_off_from_the_database_stay_right()
    {
        ServerKind.RequireSilo(NoNetwork);
        return RunUnderFaultsAsync(hasNetwork: true, FaultKind.CutFromDatabase, FaultKind.StallFromDatabase, FaultKind.StallFromAll);
    }
}
