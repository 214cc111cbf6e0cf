using Sweeps.Core;

namespace Sweeps.Storage;

/// <summary>An error of SQLite in the user's words, with its extended code.</summary>
internal sealed class SqliteFailure(string message, int code) : SweepsException(ErrorKind.Store, message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>The primary result code.</summary>
    public int Primary => Code & 0xff;
}
