namespace Sweeps.Core.Networks;

/// <summary>
/// What is wrong with one layer, without saying which: whoever knows its place adds it and throws a
/// <see cref="SweepsException"/>.
/// </summary>
internal sealed class LayerException(string reason) : Exception(reason);
