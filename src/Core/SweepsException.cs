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

/// <summary>Classes of errors; the value is the command line's exit code.</summary>
public enum ErrorKind
{
    /// <summary>Something the program did not expect: exit code 1, worth a report.</summary>
    Unexpected = 1,

    /// <summary>The command line or the sweep file is wrong: exit code 2.</summary>
    Usage = 2,

    /// <summary>A data set is missing or damaged: exit code 3.</summary>
    Data = 3,

    /// <summary>The store is missing, locked, damaged, full, of a newer version or out of reach: exit code 4.</summary>
    Store = 4,

    /// <summary>The sweep ended without a best configuration, or a check did not hold: exit code 5.</summary>
    Sweep = 5,

    /// <summary>What the program needs on this machine is missing (libtorch, a BLAS): exit code 6.</summary>
    Environment = 6,
}
