namespace Orleans;

/// <summary>The collector leaves activations of this class alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KeepAliveAttribute : Attribute;
