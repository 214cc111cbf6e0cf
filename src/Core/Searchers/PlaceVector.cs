using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Places as points of a Gaussian process. A number is its quantile, whole numbers and listed ones the middle of their
/// interval; where it is absent, 0.5. A name is only equal to itself, and so is the branch that a parameter's values
/// come from, or its absence: each different one is 1 away. Parameters with a single value are left out.
/// </summary>
internal sealed class PlaceVector
{
    private readonly List<(int Parameter, bool IsName)> _coordinates = [];

    public PlaceVector(SpaceCode code)
    {
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (!code.IsSearched(parameter))
                continue;
            var branches = Enumerable.Range(0, code.BranchesOf(parameter)).Select(b => code.AxisOf(parameter, b));
            if (branches.Any(axis => !axis.IsNamed && axis.Cells != 1))
                _coordinates.Add((parameter, false));
            if (branches.Any(axis => axis.IsNamed) || code.BranchesOf(parameter) > 1 || code.IsConditional(parameter))
                _coordinates.Add((parameter, true));
        }

        Names = [.. _coordinates.Select(c => c.IsName)];
        _named = [.. Enumerable.Range(0, code.Length).Select(parameter => Enumerable.Range(0, code.BranchesOf(parameter))
            .Select(branch => code.AxisOf(parameter, branch).IsNamed).ToArray())];
    }

    private readonly bool[][] _named;

    /// <summary>The coordinates that are only equal or different.</summary>
    public bool[] Names { get; }

    /// <summary>The coordinates of a place.</summary>
    public double[] Of(SpacePlace place)
    {
        var point = new double[_coordinates.Count];
        for (var i = 0; i < point.Length; i++)
        {
            var (parameter, isName) = _coordinates[i];
            var branch = place.Branches[parameter];
            if (!isName)
                point[i] = branch < 0 || _named[parameter][branch] ? 0.5 : place.Quantiles[parameter];
            else if (branch >= 0)
                point[i] = 1 + branch + (_named[parameter][branch] ? 1000.0 * (1 + place.Cells[parameter]) : 0);
        }

        return point;
    }
}
