using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Space;

/// <summary>
/// A parameter of the sweep. The first branch whose conditions hold gives its values; where none holds, the
/// configuration does not have the parameter and its default applies.
/// </summary>
/// <param name="Name">The name in sweep files: <c>learning_rate</c>.</param>
/// <param name="Branches">At least one.</param>
public sealed record SearchedParameter(string Name, ImmutableArray<ParameterBranch> Branches);
