namespace Orleans.Concurrency;

/// <summary>Any two calls to an activation of this class may interleave.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
