using Microsoft.Extensions.Logging;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

/// <summary>
/// The store in a file of this machine. The process that may write is the only one; others may read beside it.
/// </summary>
internal sealed class SqliteStore : ISweepStore
{
    private readonly SqliteLock? _lock;
    private readonly SqliteWriter? _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteArtifacts _artifacts;
    private readonly TimeProvider _time;

    private SqliteStore(
        StoreAddress address, SqliteLock? held, SqliteWriter? writer, TimeProvider time)
    {
        (Address, _lock, _writer, _time) = (address, held, writer, time);
        _readers = new SqliteReaders(address.Path);
        var changes = new ChangeSignal(time);
        var session = new SqliteSession(address.Path, writer, _readers, changes, time);
        Changes = changes;
        Log = new SqliteLog(session);
        Metrics = new SqliteMetrics(session);
        _artifacts = new SqliteArtifacts(
            session, new BlobFolder(Path.Combine(Path.GetDirectoryName(address.Path)!, "artifacts")));
        Silos = new SqliteSilos(session);
    }

    public StoreAddress Address { get; }

    public bool IsShared => false;

    public ISweepLog Log { get; }

    public IMetricStore Metrics { get; }

    public IArtifactStore Artifacts => _artifacts;

    public ISiloDirectory Silos { get; }

    public IChangeFeed Changes { get; }

    public StoreStatistics Statistics => new(_writer?.Commits ?? 0, 0);

    public static SqliteStore Open(StoreAddress address, StoreOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Access == StoreAccess.ReadOnly)
        {
            SqliteOpening.OpenReader(address.Path).Dispose();
            return new SqliteStore(address, null, null, time);
        }

        SqliteLock? held = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(address.Path)!);
            held = SqliteLock.Take(address.Path);
            var database = SqliteOpening.OpenWriter(address.Path);
            // The lock is ours, so every silo that was here before is dead, whatever its lease says.
            database.Execute("UPDATE silos SET state = 3 WHERE state < 2");
            logger.LogDebug("Opened store {Store} at schema version {Version}", address, SqliteOpening.Version);
            return new SqliteStore(address, held, new SqliteWriter(database, options), time);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            held?.Dispose();
            throw new StoreException(
                StoreReason.NotWritable,
                $"The store {address.Path} cannot be opened for writing: {error.Message} Check that you may write to "
                    + "the folder and that its disk is neither full nor read-only, or choose another place with "
                    + "--store.",
                error);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(StoreClock.Now(_time));

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.FinishAsync();
        // The writer's connection closes last: the last one moves the write-ahead log into the file and removes it.
        _readers.Dispose();
        _writer?.Dispose();
        _artifacts.Dispose();
        _lock?.Dispose();
    }
}
