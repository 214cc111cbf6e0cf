namespace Orleans.Placement;

/// <summary>Places activations on any silo. With one process there is one place, so it has no effect here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class RandomPlacementAttribute : Attribute;
