using Microsoft.Extensions.Logging;

namespace Sweeps.Silo.Hosting.Cluster;

/// <summary>
/// Hears that this silo cannot go on in its cluster, which is declared of one that was suspended or cut off for long.
/// Orleans would end the process at once; here the silo joins anew, as it does when its lease ran out.
/// </summary>
internal sealed partial class ClusterVerdict(ILogger<ClusterVerdict> logger) : IFatalErrorHandler
{
    private readonly TaskCompletionSource _fallen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo cannot go on.</summary>
    public Task Fallen => _fallen.Task;

    /// <inheritdoc />
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc />
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFallen(exception, context);
        _fallen.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo cannot go on in its cluster: {Context}")]
    private partial void LogFallen(Exception? error, string? context);
}
