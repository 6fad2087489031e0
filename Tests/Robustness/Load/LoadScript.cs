using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>What a client of one server does.</summary>
internal sealed class LoadScript(int client, int seed) : OperationScript(client, seed)
{
    protected override void Plan()
    {
        switch (Random.Next(100))
        {
            case < 25:
                PlanLifeOfNode();
                break;
            case < 40:
                Add(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: Value());
                break;
            case < 60:
                Add(OperationKind.SetData, Register(), data: Value());
                break;
            case < 80:
                Add(OperationKind.GetData, Register());
                break;
            case < 90:
                Add(OperationKind.CreateEphemeral, Node(), data: Value());
                break;
            case < 95:
                Add(OperationKind.CreateBoth, Node(), Node(), Value());
                break;
            case < 99:
                Add(OperationKind.CreateAndFail, Node(), Node(), Value());
                break;
            default:
                Add(OperationKind.CloseSession);
                break;
        }
    }

    private string Register() => LoadPaths.Register(Random.Next(LoadPaths.RegisterCount));
}
