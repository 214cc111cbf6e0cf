using System.Runtime.CompilerServices;

namespace Sweeps.Core.Space;

/// <summary>
/// Assignments as places: one coordinate for each parameter, in the order in which parameters are chosen (those that
/// conditions ask for first).
/// </summary>
internal sealed class SpaceCode
{
    private readonly SearchedParameter[] _parameters;
    private readonly Axis[][] _axes;
    private readonly ConditionalWeakTable<ParameterAssignment, SpacePlace> _places = [];

    public SpaceCode(IEnumerable<SearchedParameter> parameters)
    {
        _parameters = [.. ParameterOrder.Sort(parameters)];
        _axes = [.. _parameters.Select(p => p.Branches.Select(b => new Axis(b.Domain)).ToArray())];
    }

    /// <summary>Number of coordinates.</summary>
    public int Length => _parameters.Length;

    /// <summary>The axis of a parameter's branch.</summary>
    public Axis AxisOf(int parameter, int branch) => _axes[parameter][branch];

    /// <summary>Number of branches of a parameter, each with values of its own.</summary>
    public int BranchesOf(int parameter) => _axes[parameter].Length;

    /// <summary>Whether a parameter can be absent.</summary>
    public bool IsConditional(int parameter) => _parameters[parameter].Branches.All(b => !b.When.IsEmpty);

    /// <summary>Whether a parameter has more than one value.</summary>
    public bool IsSearched(int parameter) =>
        _parameters[parameter].Branches.Length > 1 || _axes[parameter][0].Cells != 1;

    /// <summary>Where an assignment lies; worked out once for each.</summary>
    public SpacePlace PlaceOf(ParameterAssignment assignment) => _places.GetValue(assignment, Locate);

    /// <summary>
    /// The assignment that has a quantile for each parameter, and where it lies; quantiles of parameters that are
    /// absent have no effect.
    /// </summary>
    /// <param name="quantileOf">The quantile in (0, 1) of a parameter's branch; asked for in order.</param>
    public (ParameterAssignment Assignment, SpacePlace Place) At(Func<int, int, double> quantileOf)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>(Length);
        var place = new SpacePlace(Length);
        for (var i = 0; i < Length; i++)
        {
            var branch = BranchOf(i, values);
            place.Branches[i] = branch;
            if (branch < 0)
                continue;
            var value = _axes[i][branch].At(quantileOf(i, branch));
            (place.Quantiles[i], place.Cells[i]) = _axes[i][branch].Locate(value);
            values.Add(new(_parameters[i].Name, value));
        }

        return (new(values), place);
    }

    private SpacePlace Locate(ParameterAssignment assignment)
    {
        var values = assignment.Values.ToList();
        var place = new SpacePlace(Length);
        for (var i = 0; i < Length; i++)
        {
            var branch = assignment[_parameters[i].Name] is null ? -1 : BranchOf(i, values);
            place.Branches[i] = branch;
            if (branch >= 0)
            {
                (place.Quantiles[i], place.Cells[i]) =
                    _axes[i][branch].Locate(assignment[_parameters[i].Name]!.Value);
            }
        }

        return place;
    }

    private int BranchOf(int parameter, List<KeyValuePair<string, ParameterValue>> chosen)
    {
        var branches = _parameters[parameter].Branches;
        for (var i = 0; i < branches.Length; i++)
        {
            if (branches[i].When.All(
                condition => chosen.Exists(c => c.Key == condition.Parameter && condition.Values.Contains(c.Value))))
                return i;
        }

        return -1;
    }
}

/// <summary>Where an assignment lies, by parameter.</summary>
/// <param name="length">Number of parameters.</param>
internal sealed class SpacePlace(int length)
{
    /// <summary>The branch that gives the value; -1: the parameter is absent.</summary>
    public int[] Branches { get; } = new int[length];

    /// <summary>The quantile of the value.</summary>
    public double[] Quantiles { get; } = new double[length];

    /// <summary>The number of the value; -1: there is no end of values.</summary>
    public int[] Cells { get; } = new int[length];
}
