using Sweeps.Core;

namespace Sweeps.Store.Contract;

/// <summary>An error of a store that the user can act on; the reason is for programs, the message for people.</summary>
public class StoreException(
    StoreReason reason, string message, Exception? inner = null, ErrorKind kind = ErrorKind.Store)
    : SweepsException(kind, message, inner)
{
    /// <summary>What stands in the way.</summary>
    public StoreReason Reason { get; } = reason;

    /// <summary>The error for the id of a deleted sweep.</summary>
    public static StoreException DeletedSweep(string sweep) => new(
        StoreReason.Missing,
        $"The sweep '{sweep}' was deleted, and its id is not given out again. Take another with --name, or --fresh.");

    /// <summary>The error for deleting a sweep that has not ended: nothing is wrong with the store.</summary>
    public static StoreException OpenSweep(string sweep) => new(
        StoreReason.InUse,
        $"The sweep '{sweep}' has not ended. End it with 'sweeps cancel {sweep}', then delete it.",
        kind: ErrorKind.Usage);
}

/// <summary>Why a store did not do what it was asked for.</summary>
public enum StoreReason
{
    /// <summary>None of the others; the message says it.</summary>
    Other = 0,

    /// <summary>
    /// Another process is in the way (SQLite): an earlier version of the program, one on another machine, one that
    /// must end before the schema can change, or a program that keeps it locked.
    /// </summary>
    InUse = 1,

    /// <summary>The store, or what was asked of it, is not there.</summary>
    Missing = 2,

    /// <summary>What it holds was altered or cut off.</summary>
    Damaged = 3,

    /// <summary>It was opened for reading only, or the user may not write to it.</summary>
    NotWritable = 4,

    /// <summary>Its disk is full.</summary>
    Full = 5,

    /// <summary>Another version of the program wrote it, and this one cannot go on with it.</summary>
    OtherVersion = 6,

    /// <summary>The server is away or does not answer; it may be back in a moment.</summary>
    OutOfReach = 7,

    /// <summary>This process has closed it.</summary>
    Closed = 8,
}
