using System.Net;
using Microsoft.Extensions.Logging;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>The store on a PostgreSQL server, shared by any number of processes.</summary>
internal sealed class PostgresStore : ISharedStore
{
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long closing waits for a server that is away before writes not yet done are answered with an
    /// error.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

    private readonly PostgresSession _session;
    private readonly PostgresNotifier _notifier;
    private readonly PostgresWriter _writer;
    private readonly PostgresListener? _listener;

    private PostgresStore(
        StoreAddress address,
        PostgresSession session,
        ChangeSignal changes,
        PostgresNotifier notifier,
        PostgresListener? listener)
    {
        (Address, _session, _notifier, _listener) = (address, session, notifier, listener);
        _writer = new PostgresWriter(session, notifier);
        var folder = session.Target.ArtifactFolder;
        Changes = changes;
        Log = new PostgresLog(session, _writer);
        Metrics = new PostgresMetrics(session, _writer);
        Artifacts = new PostgresArtifacts(session, folder is null ? null : new BlobFolder(folder));
        Silos = new PostgresSilos(session, notifier);
        Membership = new PostgresMembership(session);
        Authorities = new PostgresAuthorities(session);
    }

    public StoreAddress Address { get; }

    public bool IsShared => true;

    public ISweepLog Log { get; }

    public IMetricStore Metrics { get; }

    public IArtifactStore Artifacts { get; }

    public ISiloDirectory Silos { get; }

    public IMembershipStore Membership { get; }

    public IAuthorityStore Authorities { get; }

    public IChangeFeed Changes { get; }

    public StoreStatistics Statistics => new(_writer.Commits, _session.Statements);

    public static async Task<PostgresStore> OpenAsync(
        StoreAddress address,
        StoreOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        // Opening asks the user to correct an address at once, where running waits for a server to come back.
        var patience = options.RetryTime < OpeningPatience ? options.RetryTime : OpeningPatience;
        var probe = options with { RetryTime = patience };
        // Two that open at once wait for each other, where one that has it open already is in the way of a migration.
        await using (var opening = new PostgresSession(address.Postgres!, probe, time, "sweeps-opening"))
            await PostgresMigrations.ApplyAsync(opening, options.Access, cancellationToken);
        var session = new PostgresSession(address.Postgres!, options, time);
        try
        {
            var changes = new ChangeSignal(time);
            var notifier = new PostgresNotifier(session, changes, time);
            var listener = await PostgresListener.StartAsync(
                session, changes, notifier.Sender, time, logger, cancellationToken);
            logger.LogDebug("Opened store {Store} at schema version {Version}", address, PostgresMigrations.Version);
            return new PostgresStore(address, session, changes, notifier, listener);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public string? Problem => _session.Problem;

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        (await _session.QueryAsync(
            "SELECT clock_timestamp()", row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0];

    public async Task<StoreReach> ReachAsync(CancellationToken cancellationToken = default)
    {
        var (seen, listens) = (await _session.QueryAsync(
            "SELECT inet_client_addr(), current_setting('listen_addresses')",
            row => (row.IsDBNull(0) ? null : row.GetFieldValue<IPAddress>(0), row.GetString(1)),
            cancellationToken))[0];
        var isHere = seen is null || IPAddress.IsLoopback(seen);
        return new(seen, isHere && Address.IsLocal && listens.Split(',').All(IsLoopback));
    }

    private static bool IsLoopback(string listens) => listens.Trim() is "" or ServerHost.Here
        || (IPAddress.TryParse(listens.Trim(), out var address) && IPAddress.IsLoopback(address));

    public async Task<StoreDatabase?> DescribeAsync(CancellationToken cancellationToken = default)
    {
        const string sql =
            """
            SELECT (SELECT max(version) FROM sweeps.migrations), coalesce(sum(pg_total_relation_size(oid)), 0)::bigint
            FROM pg_class WHERE relnamespace = 'sweeps'::regnamespace AND relkind = 'r'
            """;
        return (await _session.QueryAsync(
            sql, row => new StoreDatabase(row.GetInt32(0), row.GetInt64(1)), cancellationToken))[0];
    }

    public async ValueTask DisposeAsync()
    {
        var finished = FinishAsync();
        if (await Task.WhenAny(finished, Task.Delay(ClosingPatience)) != finished)
            _session.StopRetrying();
        await finished;
        if (_listener is not null)
            await _listener.DisposeAsync();
        await _session.DisposeAsync();
    }

    /// <summary>Does the writes taken and tells the others of the last ones.</summary>
    private async Task FinishAsync()
    {
        await _writer.DisposeAsync();
        await _notifier.DisposeAsync();
    }
}
