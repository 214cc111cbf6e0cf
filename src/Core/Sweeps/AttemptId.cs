using System.Globalization;

namespace Sweeps.Core.Sweeps;

/// <summary>
/// Names one execution of a trial. Only a trial's newest attempt may report: the number is the fence.
/// </summary>
/// <param name="Trial">The trial.</param>
/// <param name="Number">From 1, one more with each start.</param>
public readonly record struct AttemptId(TrialId Trial, int Number)
{
    /// <summary><c>12/3#2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Trial}#{Number}");
}
