namespace Sweeps.Core.Specs;

/// <summary>A network of a sweep under its name.</summary>
/// <param name="Name">As it is called in the sweep's tables and in <c>parameters.architecture</c>.</param>
/// <param name="Text">What is trained: a built-in name, or layers (<c>flatten | dense 128 relu | dense 10</c>).</param>
public sealed record NamedArchitecture(string Name, string Text);
