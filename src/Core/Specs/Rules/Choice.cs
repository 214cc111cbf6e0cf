namespace Sweeps.Core.Specs.Rules;

/// <summary>One of several names.</summary>
/// <param name="Name">The name in canonical files.</param>
/// <param name="Doc">What it means.</param>
/// <param name="OtherNames">Names of other programs that mean the same.</param>
public sealed record Choice(string Name, string Doc, params string[] OtherNames);
