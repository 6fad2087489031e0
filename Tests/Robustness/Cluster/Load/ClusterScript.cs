using System.Globalization;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>
/// What a client of a cluster does: it shares registers, a list and a queue with the clients of the other silos, and has znodes of its own.
/// </summary>
internal sealed class ClusterScript(int client, int seed) : OperationScript(client, seed)
{
    public const int RegisterCount = 4;

    private const int MostMembers = 6;

    private readonly Queue<string> _members = new();
    private readonly Dictionary<string, int> _versions = [];

    /// <summary>Takes note of a register's version, for the next compare-and-set.</summary>
    public void Observe(string register, int version) => _versions[register] = version;

    public override void Reset()
    {
        base.Reset();
        _members.Clear();
    }

    protected override void Plan()
    {
        switch (Random.Next(1000))
        {
            case < 200:
                Add(OperationKind.GetData, Register());
                break;
            case < 280:
                Add(OperationKind.GetDataAndWatch, Register());
                break;
            case < 420:
                Add(OperationKind.SyncAndGetData, Register());
                break;
            case < 540:
                Add(OperationKind.SetData, Register(), data: Value());
                break;
            case < 640:
                PlanCompareAndSet();
                break;
            case < 690:
                PlanSetBoth();
                break;
            case < 740:
                Add(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: Value());
                break;
            case < 820:
                PlanMember();
                break;
            case < 850:
                Add(OperationKind.GetChildren, LoadPaths.Members);
                break;
            case < 930:
                PlanLifeOfNode();
                break;
            case < 965:
                Add(OperationKind.CreateEphemeral, Node(), data: Value());
                break;
            case < 985:
                Add(OperationKind.CreateBoth, Node(), Node(), Value());
                break;
            case < 996:
                Add(OperationKind.CreateAndFail, Node(), Node(), Value());
                break;
            default:
                Add(OperationKind.CloseSession);
                break;
        }
    }

    private void PlanCompareAndSet()
    {
        var register = Register();
        Add(OperationKind.SetData, register, data: Value(), expectedVersion: _versions.GetValueOrDefault(register));
    }

    private void PlanSetBoth()
    {
        var first = Random.Next(RegisterCount);
        var second = (first + Random.Next(1, RegisterCount)) % RegisterCount;
        Add(OperationKind.SetBoth, LoadPaths.Register(first), LoadPaths.Register(second), Value());
    }

    private void PlanMember()
    {
        if (_members.Count < Random.Next(MostMembers))
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"{LoadPaths.Members}/c{Client}.{NextName()}");
            _members.Enqueue(member);
            Add(OperationKind.Create, member);
        }
        else if (_members.TryDequeue(out var member))
            Add(OperationKind.Delete, member, expectedVersion: 0);
        else
            Add(OperationKind.GetChildren, LoadPaths.Members);
    }

    private string Register() => LoadPaths.Register(Random.Next(RegisterCount));
}
