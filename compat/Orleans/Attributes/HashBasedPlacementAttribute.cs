namespace Orleans.Placement;

/// <summary>
/// Places activations on the silo that the identity hashes to. With one process there is one place, so it has no effect
/// here.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class HashBasedPlacementAttribute : Attribute;
