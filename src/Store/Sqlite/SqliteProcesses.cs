using System.Diagnostics;
using System.Globalization;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>A process that has a store open for writing, as it says itself.</summary>
/// <param name="Id">Names this opening of the store: the process's number and random digits.</param>
/// <param name="Machine">The machine's name, for people.</param>
/// <param name="Kernel">Tells machines apart: the running kernel's own id; without one the machine's name.</param>
internal sealed record SqliteProcess(string Id, string Machine, string Kernel)
{
    /// <summary>The operating system's number of the process in an id; null: none of ours.</summary>
    public static int? NumberIn(string? id) => id?.IndexOf('-') is > 0 and var end
        && int.TryParse(id.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public override string ToString() => $"process {NumberIn(Id)} on {Machine}";
}

/// <summary>
/// The processes that have a store open for writing, in a folder beside it. Each holds the lock of a file of its own
/// for as long as it lives: the operating system lets go of it when the process dies, however it dies, so whose lock
/// is free is dead. What the process says of itself lies in a second file, since a locked one cannot be read.
/// </summary>
internal sealed class SqliteProcesses(string path)
{
    private const string LockEnding = ".lock";
    private const string TextEnding = ".txt";
    private const string Unknown = "another machine";

    private static readonly TimeSpan GatePatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GateDelay = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = path + ".processes";

    /// <summary>
    /// Lets one process at a time open the store, so that each knows who else is there. Held for moments, or for as
    /// long as a change of the schema takes.
    /// </summary>
    public FileStream Gate()
    {
        Directory.CreateDirectory(_folder);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(
                    Path.Combine(_folder, "gate"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (SqliteLock.IsSharingViolation(error))
            {
                if (Stopwatch.GetElapsedTime(since) > GatePatience)
                {
                    throw new StoreException(
                        StoreReason.InUse,
                        $"Another process has been opening the store {path} for more than "
                            + $"{GatePatience.TotalSeconds:0} s. Try again when it is done, or stop it.");
                }
            }

            Thread.Sleep(GateDelay);
        }
    }

    /// <summary>Enters this process; behind the gate.</summary>
    public SqliteProcessEntry Enter()
    {
        var number = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var process = new SqliteProcess($"{number}-{Guid.NewGuid():n}"[..(number.Length + 9)], Machine, Kernel);
        var text = Path.Combine(_folder, process.Id + TextEnding);
        File.WriteAllLines(text, [process.Machine, process.Kernel]);
        try
        {
            var held = new FileStream(
                Path.Combine(_folder, process.Id + LockEnding), FileMode.CreateNew, FileAccess.ReadWrite,
                FileShare.None, 1, FileOptions.DeleteOnClose);
            return new(process, held, text);
        }
        catch
        {
            BlobFolder.Discard(text);
            throw;
        }
    }

    /// <summary>Those that live, and clears away what dead ones left; behind the gate.</summary>
    public IReadOnlyList<SqliteProcess> Living()
    {
        var living = new List<SqliteProcess>();
        foreach (var text in Directory.GetFiles(_folder, "*" + TextEnding))
        {
            var id = Path.GetFileNameWithoutExtension(text);
            if (Lives(id))
            {
                living.Add(Read(text, id));
                continue;
            }

            BlobFolder.Discard(Path.Combine(_folder, id + LockEnding));
            BlobFolder.Discard(text);
        }

        return living;
    }

    /// <summary>Whether a process that had entered is still alive; needs no right to write.</summary>
    public bool Lives(string id)
    {
        try
        {
            // Asks for the lock as readers share it, so that those who ask do not disturb each other.
            using var probe = new FileStream(
                Path.Combine(_folder, id + LockEnding), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException error)
        {
            return SqliteLock.IsSharingViolation(error);
        }
        catch (UnauthorizedAccessException)
        {
            // What may not be looked at is not judged: its lease says it later.
            return true;
        }
    }

    /// <summary>The error for a process of another machine: the two cannot see each other's writes.</summary>
    public StoreException Elsewhere(SqliteProcess process) => new(
        StoreReason.InUse,
        $"The store {path} is in use by {process}, and this is {Machine}: processes of several machines cannot write "
            + "to one folder. Share a PostgreSQL database instead (--store postgres://USER@HOST/DATABASE), run the "
            + $"command on {process.Machine}, or choose another folder with --store.");

    /// <summary>Whether it runs under this machine's kernel.</summary>
    public static bool IsHere(SqliteProcess process) => process.Kernel == Kernel;

    private static string Machine => Environment.MachineName;

    private static string Kernel { get; } = ReadKernel();

    private static SqliteProcess Read(string text, string id)
    {
        try
        {
            return File.ReadAllLines(text) is [var machine, var kernel, ..]
                ? new(id, machine, kernel)
                : new(id, Unknown, Unknown);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(id, Unknown, Unknown);
        }
    }

    private static string ReadKernel()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }
}

/// <summary>This process among those that have the store open; leaves when disposed, or when it dies.</summary>
internal sealed class SqliteProcessEntry(SqliteProcess process, FileStream held, string text) : IDisposable
{
    public string Id => process.Id;

    public void Dispose()
    {
        BlobFolder.Discard(text);
        held.Dispose();
    }
}
