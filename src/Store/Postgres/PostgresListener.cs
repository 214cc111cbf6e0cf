using Microsoft.Extensions.Logging;
using Npgsql;
using Sweeps.Core;

namespace Sweeps.Store.Postgres;

/// <summary>
/// Hears of other processes' changes on a connection of its own. Should it break, it is opened again and everything
/// counts as changed; now and then the open sweeps are asked for, in case the server forgot us.
/// </summary>
internal sealed class PostgresListener : IAsyncDisposable
{
    /// <summary>What every process keeps a connection for; a migration knows them by it.</summary>
    public const string Listen = $"LISTEN {PostgresNotifier.Channel}";

    /// <summary>What that connection asks now and then.</summary>
    public const string Poll = "SELECT id, last_sequence FROM sweeps.sweeps WHERE open";

    private readonly PostgresSession _session;
    private readonly ChangeSignal _changes;
    private readonly string _self;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<string, long> _known = [];
    private readonly Task _loop;

    private PostgresListener(
        PostgresSession session,
        NpgsqlConnection first,
        ChangeSignal changes,
        string self,
        TimeProvider time,
        ILogger logger)
    {
        (_session, _changes, _self, _time, _logger) = (session, changes, self, time, logger);
        _loop = Task.Run(() => RunAsync(first));
    }

    /// <summary>Starts; returns when it hears.</summary>
    public static async Task<PostgresListener> StartAsync(
        PostgresSession session,
        ChangeSignal changes,
        string self,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var connection = await session.RunAsync((_, token) => OpenAsync(session, token), cancellationToken);
        return new PostgresListener(session, connection, changes, self, time, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        _closing.Dispose();
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var secret = PostgresSession.Configure(session.Target, session.Options);
        var builder = new NpgsqlConnectionStringBuilder(secret) { Pooling = false };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var listen = session.Command(connection, Listen);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(NpgsqlConnection? connection)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                connection ??= await ReopenAsync();
                await ListenAsync(connection);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                _logger.LogInformation(
                    "Notifications from {Store} stopped: {Reason}",
                    _session.Target,
                    _session.Target.Scrub(error.Message));
                await DropAsync(connection);
                connection = null;
                await Task.Delay(TimeSpan.FromMilliseconds(200), _time, _closing.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await DropAsync(connection);
    }

    private async Task<NpgsqlConnection> ReopenAsync()
    {
        var connection = await OpenAsync(_session, _closing.Token);
        _changes.RaiseAll();
        return connection;
    }

    private async Task ListenAsync(NpgsqlConnection connection)
    {
        connection.Notification += (_, notification) => Hear(notification.Payload);
        while (true)
        {
            if (!await connection.WaitAsync(_session.Options.PollInterval, _closing.Token))
                await PollAsync(connection);
        }
    }

    private void Hear(string notice)
    {
        var lines = notice.Split('\n');
        if (lines[0] == _self)
            return;
        foreach (var topic in lines.Skip(1))
        {
            if (topic == PostgresNotifier.Anything)
                _changes.RaiseAll();
            else
                _changes.Raise(topic);
        }
    }

    /// <summary>The safety net; it also finds out that the connection is dead.</summary>
    private async Task PollAsync(NpgsqlConnection connection)
    {
        await using var command = _session.Command(connection, Poll);
        await using var reader = await command.ExecuteReaderAsync(_closing.Token);
        var open = new Dictionary<string, long>();
        while (await reader.ReadAsync(_closing.Token))
            open[reader.GetString(0)] = reader.GetInt64(1);
        foreach (var (sweep, last) in open)
        {
            if (_known.GetValueOrDefault(sweep, -1) != last)
                _changes.Raise(sweep);
        }

        foreach (var closed in _known.Keys.Where(sweep => !open.ContainsKey(sweep)).ToList())
            _changes.Raise(closed);
        _known.Clear();
        foreach (var (sweep, last) in open)
            _known[sweep] = last;
    }

    private static async Task DropAsync(NpgsqlConnection? connection)
    {
        if (connection is null)
            return;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or SweepsException)
        {
            // It is being thrown away.
        }
    }
}
