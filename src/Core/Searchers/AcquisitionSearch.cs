using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Looks for the assignment with the largest expected improvement: at random, around good places, and from the best of
/// these and the best place along the slopes of the parameters that have values without end. Where there are others,
/// small steps of all parameters follow, which grow with success and shrink without, and the slopes again.
/// </summary>
/// <param name="used">What may not come again.</param>
internal sealed class AcquisitionSearch(
    SpaceCode code, IReadOnlySet<ParameterAssignment> used, RandomStream stream, ExpectedImprovement improvement)
{
    /// <summary>Good places that are looked around.</summary>
    public const int Starts = 5;

    private const int Random = 200;
    private const int AroundEach = 12;
    private const int Climbs = 4;
    private const int Evaluations = 40;
    private const int Steps = 60;

    private bool IsContinuous => Enumerable.Range(0, code.Length).All(i =>
        !code.IsSearched(i) || (code.BranchesOf(i) == 1 && !code.IsConditional(i) && code.AxisOf(i, 0).Cells == 0));

    /// <summary>The best assignment that is new; null: none was found.</summary>
    /// <param name="good">The best known places, the best first; one at least.</param>
    public ParameterAssignment? Run(IReadOnlyList<SpacePlace> good)
    {
        var found = new List<Candidate>();
        for (var i = 0; i < Random; i++)
            Add(code.At((_, _) => stream.NextOpenDouble()), found);
        foreach (var place in good)
        {
            for (var i = 0; i < AroundEach; i++)
                Add(Near(place, i % 3 == 0 ? 0.2 : i % 3 == 1 ? 0.05 : 0.01), found);
        }

        // The best known place itself may not come again: it is only where a climb begins.
        var best = found.OrderByDescending(c => c.Value).Take(Climbs)
            .Append(new(null, good[0], double.NegativeInfinity))
            .Select(Climb).Where(c => c.Assignment is not null).ToList();
        return best.Count == 0 ? null : best.MaxBy(c => c.Value).Assignment;
    }

    private void Add((ParameterAssignment Assignment, SpacePlace Place) at, List<Candidate> found)
    {
        if (!used.Contains(at.Assignment))
            found.Add(new(at.Assignment, at.Place, improvement.At(at.Place)));
    }

    private Candidate Climb(Candidate from)
    {
        var risen = AlongSlopes(from);
        return IsContinuous ? risen : AlongSlopes(BySteps(risen));
    }

    private Candidate AlongSlopes(Candidate from)
    {
        if (improvement.Climb(code, from.Place, Evaluations) is not { } quantiles)
            return from;
        var next = new List<Candidate>();
        Add(code.At((parameter, branch) => branch == from.Place.Branches[parameter]
            ? quantiles[parameter]
            : stream.NextOpenDouble()), next);
        return next.Count > 0 && next[0].Value > from.Value ? next[0] : from;
    }

    private Candidate BySteps(Candidate from)
    {
        var width = 0.1;
        var next = new List<Candidate>();
        for (var i = 0; i < Steps; i++)
        {
            next.Clear();
            Add(Near(from.Place, width), next);
            var isBetter = next.Count > 0 && next[0].Value > from.Value;
            width = Math.Clamp(width * (isBetter ? 1.5 : 0.9), 1e-4, 0.5);
            if (isBetter)
                from = next[0];
        }

        return from;
    }

    /// <summary>One parameter at least changes; each other one with an even chance where there are few, else with
    /// less.</summary>
    private (ParameterAssignment Assignment, SpacePlace Place) Near(SpacePlace place, double width)
    {
        var one = stream.NextInt(code.Length);
        var share = Math.Min(0.5, 4.0 / code.Length);
        return code.At((parameter, branch) =>
        {
            var (u, v) = (stream.NextOpenDouble(), stream.NextOpenDouble());
            if (place.Branches[parameter] != branch)
                return u;
            var from = place.Quantiles[parameter];
            if (parameter != one && v > share)
                return from;
            if (code.AxisOf(parameter, branch).IsNamed)
                return u;
            var to = from + width * NormalQuantile.At(u);
            return Math.Clamp(to < 0 ? -to : to > 1 ? 2 - to : to, 1e-9, 1 - 1e-9);
        });
    }

    private readonly record struct Candidate(ParameterAssignment? Assignment, SpacePlace Place, double Value);
}
