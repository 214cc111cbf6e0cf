namespace Orleans.Concurrency;

/// <summary>Calls of this method run beside any other call to the same activation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;
