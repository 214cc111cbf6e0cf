using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Looks for the assignment with the largest value of a function: at random, around good places, and from the best of
/// these by small steps that grow with success and shrink without.
/// </summary>
/// <param name="used">What may not come again.</param>
/// <param name="value">The function.</param>
internal sealed class AcquisitionSearch(
    SpaceCode code, IReadOnlySet<ParameterAssignment> used, RandomStream stream, ExpectedImprovement value)
{
    /// <summary>Good places that are looked around.</summary>
    public const int Starts = 5;

    private static readonly int Random = (int)Knob.D("RAND", 200);
    private const int AroundEach = 12;
    private static readonly int Climbs = (int)Knob.D("CLIMBS", 4);
    private static readonly int Slopes = (int)Knob.D("SLOPES", 40);
    private const int Steps = 60;

    /// <summary>The best assignment that is new; null: none was found.</summary>
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

        var starts = found.OrderByDescending(c => c.Value).Take(Climbs).ToList();
        foreach (var place in good.Take((int)Knob.D("GOOD", 1)))
            starts.Add(new(ParameterAssignment.Empty, place, double.NegativeInfinity));
        var best = starts.Select(Ascend).Where(c => double.IsFinite(c.Value)).ToList();
        return best.Count == 0 ? null : best.MaxBy(c => c.Value).Assignment;
    }

    /// <summary>Along the slopes, then by steps of all parameters where there are others, then along the slopes.
    /// </summary>
    private Candidate Ascend(Candidate from)
    {
        var first = AlongSlopes(from);
        if (Knob.D("RC", 1) == 0 || _isContinuous && Knob.D("RC", 1) < 2) return first;
        var stepped = Climb(first);
        return stepped == first ? first : AlongSlopes(stepped);
    }

    private readonly bool _isContinuous = Enumerable.Range(0, code.Length).All(i =>
        !code.IsSearched(i) || (code.BranchesOf(i) == 1 && !code.IsConditional(i) && code.AxisOf(i, 0).Cells == 0));

    private Candidate AlongSlopes(Candidate from)
    {
        var to = value.Climb(code, from.Place, Slopes);
        var next = new List<Candidate>();
        Add(code.At((parameter, branch) => to[parameter] is { } quantile && from.Place.Branches[parameter] == branch ? quantile : from.Place.Quantiles[parameter]), next);
        return next.Count > 0 && next[0].Value > from.Value ? next[0] : from;
    }

    private void Add((ParameterAssignment Assignment, SpacePlace Place) at, List<Candidate> found)
    {
        if (!used.Contains(at.Assignment))
            found.Add(new(at.Assignment, at.Place, value.At(at.Place)));
    }

    private Candidate Climb(Candidate from)
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

    private readonly record struct Candidate(ParameterAssignment Assignment, SpacePlace Place, double Value);
}
