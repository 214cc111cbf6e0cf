using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Space;

/// <summary>One line of a <c>when</c>: holds where another parameter has one of the values.</summary>
/// <param name="Parameter">The other parameter.</param>
/// <param name="Values">The values; any of them will do.</param>
public sealed record Condition(string Parameter, ImmutableArray<ParameterValue> Values);
