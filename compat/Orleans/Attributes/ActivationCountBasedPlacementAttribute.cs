namespace Orleans.Placement;

/// <summary>
/// Places activations on the silo with the fewest activations. With one process there is one place, so it has no effect
/// here.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ActivationCountBasedPlacementAttribute : Attribute;
