using System.Globalization;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// Makes one process the owner of a store. The operating system lets go of the lock when the process dies, however it
/// dies; the name of the owner lies beside it for the other's error message.
/// </summary>
internal sealed class SqliteLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _ownerPath;

    private SqliteLock(FileStream file, string ownerPath) => (_file, _ownerPath) = (file, ownerPath);

    public static SqliteLock Take(string path)
    {
        var owner = path + ".owner";
        FileStream file;
        try
        {
            file = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (
            error is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            && IsSharingViolation(error))
        {
            throw new StoreException(
                StoreReason.InUse,
                $"The store {path} is in use by {ReadOwner(owner)}. Wait for it to end or stop it, or choose another "
                    + "place with --store.");
        }

        try
        {
            File.WriteAllText(owner, string.Create(
                CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}"));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new SqliteLock(file, owner);
    }

    public void Dispose()
    {
        // The lock's file stays: removing it would let two processes lock two files of one name.
        File.Delete(_ownerPath);
        _file.Dispose();
    }

    /// <summary>Unix: EWOULDBLOCK from flock (11 on Linux, 35 on macOS); Windows: sharing violation.</summary>
    private static bool IsSharingViolation(IOException error) =>
        error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static string ReadOwner(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text.Length > 0 ? text : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
