namespace Orleans.Runtime;

/// <summary>
/// What happens when a silo cannot go on: the cluster has declared it dead, say. Here nobody calls it, since a cluster
/// of one process declares nobody dead.
/// </summary>
public interface IFatalErrorHandler
{
    /// <summary>Whether the error is one that nobody planned for.</summary>
    bool IsUnexpected(Exception exception);

    /// <summary>The silo cannot go on.</summary>
    void OnFatalException(object? sender = null, string? context = null, Exception? exception = null);
}
