namespace Sweeps.Training.Data.Public;

/// <summary>One mirror did not deliver a file; the next one may.</summary>
/// <param name="message">Why.</param>
/// <param name="retry">Whether trying the same mirror again can help: the transfer was cut after bytes had
/// come.</param>
internal sealed class MirrorException(string message, bool retry = false) : Exception(message)
{
    public bool Retry { get; } = retry;
}
