using System.Globalization;
using System.Text;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>The first step after which the servers' sessions saw different things.</summary>
public sealed record Divergence(int StepIndex, IReadOnlyList<Observation> Reference, IReadOnlyList<Observation> Ours, string Reason)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Step {StepIndex + 1}: {Reason}");
        AppendSide(text, "ZooKeeper", Reference);
        AppendSide(text, "ours", Ours);
        return text.ToString();
    }

    private static void AppendSide(StringBuilder text, string name, IReadOnlyList<Observation> seen)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name}:");
        foreach (var observation in seen)
            text.AppendLine(CultureInfo.InvariantCulture, $"    {observation}");
    }
}
