using Microsoft.Extensions.Logging;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// The store in a file of this machine. Several processes may write it at once: each transaction is one of them alone,
/// and an append names the sequence that it expects.
/// </summary>
internal sealed class SqliteStore : ISweepStore
{
    private readonly SqliteMembership? _membership;
    private readonly SqliteWriter? _writer;
    private readonly SqliteWatch? _watch;
    private readonly SqliteReaders _readers;
    private readonly SqliteChanges _changes;
    private readonly TimeProvider _time;
    private readonly SqliteSession _session;
    private readonly SqliteFile _file;

    private SqliteStore(StoreAddress address, SqliteMembership? membership, StoreOptions options, TimeProvider time)
    {
        (Address, _membership, _time) = (address, membership, time);
        _file = new SqliteFile(address.Path);
        _readers = new SqliteReaders(address.Path);
        var signal = new ChangeSignal(time);
        if (membership is not null)
            _writer = new SqliteWriter(membership.Database, options, signal.RaiseAll);
        else
            _watch = new SqliteWatch(address.Path, signal.RaiseAll);
        _changes = new SqliteChanges(signal, _writer is not null ? _writer.Look : _watch!.Look);
        var session = _session = new SqliteSession(address.Path, _writer, _readers, signal, time);
        Log = new SqliteLog(session);
        Metrics = new SqliteMetrics(session);
        Artifacts = new SqliteArtifacts(
            session, new BlobFolder(Path.Combine(Path.GetDirectoryName(address.Path)!, "artifacts")));
        Silos = new SqliteSilos(session, new SqliteProcesses(address.Path), membership?.Id);
    }

    public StoreAddress Address { get; }

    public bool IsShared => false;

    public ISweepLog Log { get; }

    public IMetricStore Metrics { get; }

    public IArtifactStore Artifacts { get; }

    public ISiloDirectory Silos { get; }

    public IChangeFeed Changes => _changes;

    public string? Detached => _file.Look();

    public StoreStatistics Statistics => new(_writer?.Commits ?? 0, 0);

    public static SqliteStore Open(StoreAddress address, StoreOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Access == StoreAccess.ReadOnly)
        {
            SqliteOpening.OpenReader(address.Path).Dispose();
            return new SqliteStore(address, null, options, time);
        }

        if (options.Access == StoreAccess.Change)
            SqliteOpening.CheckExists(address.Path);
        var membership = SqliteMembership.Join(address.Path, options.RetryTime);
        logger.LogDebug("Opened store {Store} at schema version {Version}", address, SqliteOpening.Version);
        return new SqliteStore(address, membership, options, time);
    }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(StoreClock.Now(_time));

    public Task<StoreDatabase?> DescribeAsync(CancellationToken cancellationToken = default) =>
        _session.ReadAsync<StoreDatabase?>(
            database => new((int)(database.Number("PRAGMA user_version") ?? 0), BytesOf(Address.Path)),
            cancellationToken);

    private static long BytesOf(string path) => ((string[])[path, $"{path}-wal", $"{path}-shm"])
        .Select(name => new FileInfo(name))
        .Where(file => file.Exists)
        .Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.FinishAsync();
        _changes.Dispose();
        _watch?.Dispose();
        // The writer's connection closes last: the last one moves the write-ahead log into the file and removes it.
        _file.Dispose();
        _readers.Dispose();
        _writer?.Dispose();
        _membership?.Dispose();
    }
}

/// <summary>
/// This process among those that write to a store: the lock that they share, its own entry, and its connection.
/// </summary>
internal sealed class SqliteMembership : IDisposable
{
    private readonly SqliteLock _lock;
    private readonly SqliteProcessEntry _entry;

    private SqliteMembership(SqliteLock held, SqliteProcessEntry entry, SqliteDatabase database) =>
        (_lock, _entry, Database) = (held, entry, database);

    public string Id => _entry.Id;

    /// <summary>The writing connection; whoever takes it disposes it.</summary>
    public SqliteDatabase Database { get; }

    /// <summary>Enters this process, waiting for others' locks as long as the store has patience.</summary>
    public static SqliteMembership Join(string path, TimeSpan patience)
    {
        SqliteLock? held = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            held = SqliteLock.Share(path);
            return Enter(path, held, patience);
        }
        catch (Exception error)
        {
            held?.Dispose();
            if (error is not (UnauthorizedAccessException or IOException))
                throw;
            throw new StoreException(
                StoreReason.NotWritable,
                $"The store {path} cannot be opened for writing: {error.Message} Check that you may write to the "
                    + "folder and that its disk is neither full nor read-only, or choose another place with --store.",
                error);
        }
    }

    private static SqliteMembership Enter(string path, SqliteLock held, TimeSpan patience)
    {
        var processes = new SqliteProcesses(path);
        using var gate = processes.Gate();
        var others = processes.Living();
        if (others.FirstOrDefault(process => !SqliteProcesses.IsHere(process)) is { } elsewhere)
            throw processes.Elsewhere(elsewhere);
        var entry = processes.Enter();
        SqliteDatabase? database = null;
        try
        {
            database = SqliteOpening.OpenWriter(path, others);
            // Another process may write without a pause.
            database.WaitForLocks(patience);
            SqliteSilos.MarkDead(database, processes);
            database.WaitForLocks(SqliteDatabase.LockPatience);
            return new(held, entry, database);
        }
        catch
        {
            database?.Dispose();
            entry.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _entry.Dispose();
        _lock.Dispose();
    }
}
