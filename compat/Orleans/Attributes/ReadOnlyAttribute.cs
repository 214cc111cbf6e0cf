namespace Orleans.Concurrency;

/// <summary>Calls of methods marked so run beside one another.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;
