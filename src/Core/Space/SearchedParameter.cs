using System.Collections.Immutable;

namespace Sweeps.Core.Space;

/// <summary>
/// A parameter of the sweep. The first branch whose conditions hold gives its values; where none holds, the
/// configuration does not have the parameter and its default applies.
/// </summary>
/// <param name="Name">The name in sweep files: <c>learning_rate</c>.</param>
/// <param name="Branches">At least one.</param>
internal sealed record SearchedParameter(string Name, ImmutableArray<ParameterBranch> Branches);

/// <summary>The values of a parameter where all conditions hold.</summary>
/// <param name="When">The conditions; empty: always.</param>
/// <param name="Domain">The values.</param>
internal sealed record ParameterBranch(ImmutableArray<Condition> When, ParameterDomain Domain);

/// <summary>One line of a <c>when</c>: holds where another parameter has one of the values.</summary>
/// <param name="Parameter">The other parameter.</param>
/// <param name="Values">The values; any of them will do.</param>
internal sealed record Condition(string Parameter, ImmutableArray<ParameterValue> Values);
