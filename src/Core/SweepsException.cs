namespace Sweeps.Core;

/// <summary>
/// An error that the user can act on. The message has the offending value, where it was found, what is allowed and the
/// next step; the command line prints it without a stack trace.
/// </summary>
public class SweepsException : Exception
{
    /// <summary>Creates the exception with its class and message.</summary>
    public SweepsException(ErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>The class of the error; each has an exit code of its own.</summary>
    public ErrorKind Kind { get; }
}
