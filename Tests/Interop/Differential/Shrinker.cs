using System.Diagnostics;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>Drops steps, then requests, from a script that diverges, for as long as it still does and the time lasts.</summary>
public sealed class Shrinker(Comparison comparison, TimeSpan limit)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public async Task<(IReadOnlyList<Step> Steps, Divergence Divergence)> ShrinkAsync(IReadOnlyList<Step> steps, Divergence divergence)
    {
        var best = (Steps: (IReadOnlyList<Step>)[.. steps.Take(divergence.StepIndex + 1)], Divergence: divergence);
        for (var size = Math.Max(1, best.Steps.Count / 2); ; size = size == 1 ? 0 : size / 2)
        {
            if (size == 0)
                break;
            for (var start = best.Steps.Count - size; start > -size; start -= size)
            {
                var from = Math.Max(0, start);
                Step[] fewer = [.. best.Steps.Take(from), .. best.Steps.Skip(from + size)];
                best = await TryAsync(fewer) ?? best;
            }
        }
        for (var step = best.Steps.Count - 1; step >= 0; step--)
        {
            for (var request = best.Steps[step].Requests.Count - 1; request >= 0 && best.Steps[step].Requests.Count > 1; request--)
            {
                var fewer = best.Steps.ToArray();
                fewer[step] = fewer[step] with { Requests = [.. fewer[step].Requests.Where((_, i) => i != request)] };
                if (await TryAsync(fewer) is not { } smaller)
                    continue;
                best = smaller;
                if (step >= best.Steps.Count)
                    break;
            }
        }
        return best;
    }

    private async Task<(IReadOnlyList<Step> Steps, Divergence Divergence)?> TryAsync(IReadOnlyList<Step> steps)
    {
        if (_watch.Elapsed > limit || steps.Count == 0)
            return null;
        return await comparison.RunAsync(steps) is { } divergence ? ([.. steps.Take(divergence.StepIndex + 1)], divergence) : null;
    }
}
