using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Space;

/// <summary>The values of a parameter where all conditions hold.</summary>
/// <param name="When">The conditions; empty: always.</param>
/// <param name="Domain">The values.</param>
public sealed record ParameterBranch(ImmutableArray<Condition> When, ParameterDomain Domain);
