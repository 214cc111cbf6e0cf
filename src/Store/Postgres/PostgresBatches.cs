using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Store.Postgres;

/// <summary>The statements of a group: arrays in place of one statement per row.</summary>
internal static class PostgresBatches
{
    private const string NewerVersion = "sweeps has version ";

    public static NpgsqlBatchCommand Append(List<PostgresAppend> group)
    {
        var appends = group.ConvertAll(item => item.Append);
        var rows = appends.Sum(append => append.Events.Count);
        var (ordinals, offsets) = (new int[rows], new int[rows]);
        var (types, payloads) = (new string[rows], new byte[rows][]);
        var row = 0;
        for (var ordinal = 0; ordinal < appends.Count; ordinal++)
        {
            var events = appends[ordinal].Events;
            for (var offset = 0; offset < events.Count; offset++, row++)
            {
                (ordinals[row], offsets[row]) = (ordinal + 1, offset);
                (types[row], payloads[row]) = (events[offset].Type, events[offset].Payload.ToArray());
            }
        }

        var command = new NpgsqlBatchCommand(
            "SELECT * FROM sweeps.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        Add(command, NpgsqlDbType.Text, appends.ConvertAll(append => append.Sweep));
        Add(command, NpgsqlDbType.Bigint, appends.ConvertAll(append => append.ExpectedSequence));
        Add(command, NpgsqlDbType.Integer, appends.ConvertAll(append => append.Events.Count));
        Add(command, NpgsqlDbType.Uuid, appends.ConvertAll(append => append.Id));
        Add(command, NpgsqlDbType.Boolean, appends.ConvertAll(append => append.Header?.IsOpen));
        Add(command, NpgsqlDbType.Integer, appends.ConvertAll(append => append.Header?.Priority));
        Add(command, NpgsqlDbType.Text, appends.ConvertAll(append => append.Header?.Summary));
        Add(command, NpgsqlDbType.Integer, ordinals);
        Add(command, NpgsqlDbType.Integer, offsets);
        Add(command, NpgsqlDbType.Text, types);
        Add(command, NpgsqlDbType.Bytea, payloads);
        return command;
    }

    // Found by the primary key, append by append, whatever the server knows of the tables: without statistics, in the
    // first minute of a database, it would rather join the whole log.
    private const string Written =
        """
        WITH written AS MATERIALIZED (
            SELECT a.ordinal, s.key, a.expected
            FROM unnest($1, $2, $3) WITH ORDINALITY AS a (sweep, expected, id, ordinal)
            JOIN sweeps.sweeps s ON s.id = a.sweep
            WHERE (SELECT e.append_id FROM sweeps.events e
                WHERE e.sweep = s.key AND e.sequence = a.expected + 1) = a.id)
        """;

    /// <summary>
    /// Enters the results of a group's appends, after them: those whose events are there under their append's id. What
    /// was refused has none, and what is repeated is there already.
    /// </summary>
    public static NpgsqlBatchCommand Results(IReadOnlyList<PostgresAppend> group)
    {
        const string sql =
            $"""
            {Written}
            INSERT INTO sweeps.results (course, epochs, sweep, sequence, wanted)
            SELECT r.course, r.epochs, w.key, w.expected + r.event + 1, r.wanted
            FROM unnest($4, $5, $6, $7, $8) AS r (ordinal, event, course, epochs, wanted)
            JOIN written w USING (ordinal)
            ON CONFLICT DO NOTHING
            """;
        var rows = group
            .SelectMany((item, index) => item.Append.Results.Select(result => (Ordinal: index + 1, Result: result)))
            .ToList();
        var command = OfWritten(sql, group);
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(row => row.Ordinal));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(row => row.Result.Event));
        Add(command, NpgsqlDbType.Bytea, rows.ConvertAll(row => Convert.FromHexString(row.Result.Course)));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(row => row.Result.Epochs));
        Add(command, NpgsqlDbType.Text, rows.ConvertAll(row => row.Result.Wanted));
        return command;
    }

    /// <summary>Enters what the results of a group's appends share, after the appends, as <see cref="Results"/> does.
    /// </summary>
    public static NpgsqlBatchCommand Bases(IReadOnlyList<PostgresAppend> group)
    {
        const string sql =
            $"""
            {Written}
            INSERT INTO sweeps.result_bases (basis, sweep)
            SELECT b.basis, w.key FROM unnest($4) WITH ORDINALITY AS b (basis, ordinal) JOIN written w USING (ordinal)
            WHERE b.basis IS NOT NULL
            ON CONFLICT DO NOTHING
            """;
        var command = OfWritten(sql, group);
        Add(command, NpgsqlDbType.Bytea, group.Select(item => item.Append.Basis is { } basis
            ? Convert.FromHexString(basis) : null).ToList());
        return command;
    }

    private static NpgsqlBatchCommand OfWritten(string sql, IReadOnlyList<PostgresAppend> group)
    {
        var appends = group.Select(item => item.Append).ToList();
        var command = new NpgsqlBatchCommand(sql);
        Add(command, NpgsqlDbType.Text, appends.ConvertAll(append => append.Sweep));
        Add(command, NpgsqlDbType.Bigint, appends.ConvertAll(append => append.ExpectedSequence));
        Add(command, NpgsqlDbType.Uuid, appends.ConvertAll(append => append.Id));
        return command;
    }

    public static NpgsqlBatchCommand Put(List<PostgresPut> group)
    {
        var rows = group.SelectMany((put, call) => put.Metrics.Select(row => (Call: call, Row: row))).ToList();
        var command = new NpgsqlBatchCommand(
            "SELECT sweeps.put_metrics($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Call));
        Add(command, NpgsqlDbType.Text, rows.ConvertAll(item => item.Row.Trial.Sweep));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Row.Trial.Configuration));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Row.Trial.Fold));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Row.Attempt));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Row.Report.Epoch));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.TrainLoss));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.TrainMetric));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.ValidationLoss));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.ValidationMetric));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.TrainSeconds));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.EvaluationSeconds));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.CpuSeconds));
        Add(command, NpgsqlDbType.Integer, rows.ConvertAll(item => item.Row.Report.Samples));
        Add(command, NpgsqlDbType.Bytea, rows.ConvertAll(
            item => item.Row.Report.WeightsDigest is { } digest ? Convert.FromHexString(digest) : null));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.ValidationLossError));
        Add(command, NpgsqlDbType.Double, rows.ConvertAll(item => item.Row.Report.ValidationMetricError));
        return command;
    }

    /// <summary>
    /// Fails, and the whole group with it, once a newer program has changed the schema: a text that is no number is a
    /// statement's only way to an error of its own. It holds a lock that a migration waits for.
    /// </summary>
    public static NpgsqlBatchCommand Fence()
    {
        var command = new NpgsqlBatchCommand(
            $"SELECT CASE WHEN max(version) > $1 THEN ('{NewerVersion}' || max(version))::integer END "
                + "FROM sweeps.migrations");
        command.Parameters.Add(new NpgsqlParameter { Value = PostgresMigrations.Version });
        return command;
    }

    /// <summary>Whether an error is that of <see cref="Fence"/>.</summary>
    public static bool IsFence(Exception error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidTextRepresentation, MessageText: var text,
    } && text.Contains(NewerVersion, StringComparison.Ordinal);

    public static NpgsqlBatchCommand Notify(string notice)
    {
        var command = new NpgsqlBatchCommand($"SELECT pg_notify('{PostgresNotifier.Channel}', $1)");
        command.Parameters.Add(new NpgsqlParameter { Value = notice });
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IList<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
