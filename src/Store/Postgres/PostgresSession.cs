using Npgsql;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

/// <summary>
/// The way to the server that all parts of a store share: a bounded pool, and retries while it is away.
/// </summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    /// <summary>What connections are called on the server, unless the address says otherwise.</summary>
    public const string Application = "sweeps";

    private static readonly TimeSpan BackoffFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private long _statements;
    private volatile string? _problem;

    /// <param name="target">The server and its database.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="name">What its connections are called.</param>
    public PostgresSession(
        PostgresTarget target, StoreOptions options, TimeProvider time, string name = Application)
    {
        (Target, Options, _time) = (target, options, time);
        _source = NpgsqlDataSource.Create(Configure(target, options, name));
    }

    public PostgresTarget Target { get; }

    public StoreOptions Options { get; }

    /// <summary>Why operations are tried again; null: the last one succeeded.</summary>
    public string? Problem => _problem;

    public long Statements => Interlocked.Read(ref _statements);

    /// <summary>Counts a round trip that was not made through this session's methods.</summary>
    public void CountStatement() => Interlocked.Increment(ref _statements);

    /// <summary>
    /// Does the work on a connection; again, while what stopped it may pass, for as long as the options allow. The work
    /// must be harmless to repeat: its first outcome may be unknown.
    /// </summary>
    public async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var start = _time.GetTimestamp();
        for (var pause = BackoffFirst; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, BackoffMax.Ticks)))
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(linked.Token);
                var result = await work(connection, linked.Token);
                _problem = null;
                return result;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Closed();
            }
            catch (ObjectDisposedException)
            {
                throw Closed();
            }
            catch (Exception error) when (error is not (OperationCanceledException or SweepsException))
            {
                if (!PostgresErrors.IsPassing(error) || _time.GetElapsedTime(start) + pause > Options.RetryTime)
                    throw PostgresErrors.Translate(Target, error);
                _problem = PostgresErrors.Translate(Target, error).Message;
            }

            await Task.Delay(pause, _time, CancellationToken.None);
        }
    }

    /// <summary>Runs one statement and reads its rows.</summary>
    public Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params object?[] values) =>
        RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(connection, sql, values);
                await using var reader = await command.ExecuteReaderAsync(token);
                var rows = new List<T>();
                while (await reader.ReadAsync(token))
                    rows.Add(map(reader));
                return rows;
            },
            cancellationToken);

    /// <summary>Runs one statement; returns the rows changed.</summary>
    public Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(connection, sql, values);
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);

    /// <summary>A statement with its values, numbered $1 and on.</summary>
    public NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] values)
    {
        CountStatement();
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    public StoreException Closed() => new(StoreReason.Closed, $"The store {Target} is closed.");

    /// <summary>Gives up on retries, so that closing does not wait for a server that is away.</summary>
    public void StopRetrying() => _closing.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _source.DisposeAsync();
        _closing.Dispose();
    }

    /// <summary>
    /// Limits on the server's side: a process that stops in the middle of a transaction must not hold the others up.
    /// </summary>
    public static string Configure(PostgresTarget target, StoreOptions options, string name = Application)
    {
        var builder = target.Secret();
        builder.MaxPoolSize = options.PoolSize;
        builder.CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5;
        builder.MaxAutoPrepare = 40;
        builder.AutoPrepareMinUsages = 2;
        builder.IncludeErrorDetail = false;
        builder.ApplicationName ??= name;
        var milliseconds = (long)options.StatementTimeout.TotalMilliseconds;
        var limits = $"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={milliseconds}";
        // A log is read in its index's order; on a young table without statistics the planner would rather sort it.
        limits += " -c random_page_cost=1.1 -c enable_bitmapscan=off";
        var isReadOnly = options.Access == StoreAccess.ReadOnly;
        builder.TargetSessionAttributes = target.SessionAttributes(builder.TargetSessionAttributes, isReadOnly);
        if (isReadOnly)
            limits += " -c default_transaction_read_only=on";
        builder.Options = string.IsNullOrEmpty(builder.Options) ? limits : $"{limits} {builder.Options}";
        return builder.ConnectionString;
    }
}
