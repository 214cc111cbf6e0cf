using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// A lock that all processes of one store share for as long as they live. The first version of the program took it for
/// itself alone: so neither works beside the other, which would not know of it.
/// </summary>
internal sealed class SqliteLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteLock(FileStream file) => _file = file;

    public static SqliteLock Share(string path)
    {
        try
        {
            return new(new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read));
        }
        catch (IOException error) when (IsSharingViolation(error))
        {
            throw new StoreException(
                StoreReason.InUse,
                $"The store {path} is in use by {ReadOwner(path + ".owner")}, an earlier version of this program, "
                    + "which shares it with nobody. Wait for it to end or stop it, or choose another place with "
                    + "--store.");
        }
    }

    // The lock's file stays: removing it would let two processes lock two files of one name.
    public void Dispose() => _file.Dispose();

    /// <summary>Unix: EWOULDBLOCK from flock (11 on Linux, 35 on macOS); Windows: sharing violation.</summary>
    public static bool IsSharingViolation(IOException error) =>
        error is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static string ReadOwner(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text.Length > 0 ? text : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
