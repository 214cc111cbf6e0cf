using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

internal sealed class SqliteMetrics(SqliteSession session) : IMetricStore
{
    private const string Columns =
        """
        SELECT configuration, fold, attempt, epoch, train_loss, train_metric, validation_loss, validation_metric,
            train_seconds, evaluation_seconds, cpu_seconds, samples
        """;

    // Earlier versions of the schema are read as they are.
    private const string Fourth = ", weights_digest, validation_loss_error, validation_metric_error";

    public Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
            StoreRules.Check(row);
        return rows.Count == 0
            ? Task.CompletedTask
            : session.WriteAsync(rows.Count, database => Put(database, rows), cancellationToken);
    }

    public Task<IReadOnlyList<MetricRow>> ReadAsync(string sweep, CancellationToken cancellationToken = default) =>
        session.ReadAsync<IReadOnlyList<MetricRow>>(database => Read(database, sweep, string.Empty), cancellationToken);

    public Task<IReadOnlyList<MetricRow>> ReadTrialAsync(TrialKey trial, CancellationToken cancellationToken = default)
    {
        const string sql = " AND configuration = ? AND fold = ?";
        return session.ReadAsync<IReadOnlyList<MetricRow>>(
            database => Read(database, trial.Sweep, sql, trial.Configuration, trial.Fold), cancellationToken);
    }

    public Task<IReadOnlyList<MetricRow>> ReadTrialsAsync(
        IReadOnlyCollection<TrialKey> trials, CancellationToken cancellationToken = default)
    {
        const string sql = " AND configuration = ? AND fold = ?";
        ArgumentNullException.ThrowIfNull(trials);
        return session.ReadAsync<IReadOnlyList<MetricRow>>(
            database => InOneTransaction(database, () => trials.SelectMany(
                trial => Read(database, trial.Sweep, sql, trial.Configuration, trial.Fold)).ToList()),
            cancellationToken);
    }

    // On its own each statement takes the locks of the file and lets go of them: with three a trial most of the time.
    private static T InOneTransaction<T>(SqliteDatabase database, Func<T> read)
    {
        database.Script("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            if (database.IsInTransaction)
                database.Script("ROLLBACK");
        }
    }

    private int Put(SqliteDatabase database, IReadOnlyList<MetricRow> rows)
    {
        const string sql =
            """
            INSERT OR REPLACE INTO metrics (sweep, configuration, fold, attempt, epoch, train_loss, train_metric,
                validation_loss, validation_metric, train_seconds, evaluation_seconds, cpu_seconds, samples,
                weights_digest, validation_loss_error, validation_metric_error)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
        foreach (var row in rows)
        {
            var key = session.Key(database, row.Trial.Sweep);
            var insert = database.Prepare(sql);
            insert.Bind(1, key);
            insert.Bind(2, row.Trial.Configuration);
            insert.Bind(3, row.Trial.Fold);
            insert.Bind(4, row.Attempt);
            insert.Bind(5, row.Report.Epoch);
            insert.Bind(6, row.Report.TrainLoss);
            insert.Bind(7, row.Report.TrainMetric);
            insert.Bind(8, row.Report.ValidationLoss);
            insert.Bind(9, row.Report.ValidationMetric);
            insert.Bind(10, row.Report.TrainSeconds);
            insert.Bind(11, row.Report.EvaluationSeconds);
            insert.Bind(12, row.Report.CpuSeconds);
            insert.Bind(13, row.Report.Samples);
            if (row.Report.WeightsDigest is { } digest)
                insert.Bind(14, Convert.FromHexString(digest));
            else
                insert.BindNull(14);
            insert.Bind(15, row.Report.ValidationLossError);
            insert.Bind(16, row.Report.ValidationMetricError);
            insert.Step();
            insert.Reset();
        }

        return rows.Count;
    }

    private static List<MetricRow> Read(
        SqliteDatabase database, string sweep, string also, params ReadOnlySpan<object?> values)
    {
        var key = database.Number("SELECT key FROM sweeps WHERE id = ?", sweep);
        if (key is null)
            return [];
        var isFourth = database.Number("PRAGMA user_version") >= 4;
        return database.Query(
            $"{Columns}{(isFourth ? Fourth : "")} FROM metrics WHERE sweep = ?{also}",
            row => ToRow(sweep, row, isFourth),
            [key.Value, .. values]);
    }

    private static MetricRow ToRow(string sweep, SqliteStatement row, bool isFourth) => new(
        new TrialKey(sweep, row.Int32(0), row.Int32(1)),
        row.Int32(2),
        new EpochReport(
            row.Int32(3),
            row.Double(4),
            row.Double(5),
            row.Double(6),
            row.Double(7),
            row.Double(8),
            row.Double(9),
            row.Double(10),
            row.Int32(11))
        {
            WeightsDigest = !isFourth || row.IsNull(12) ? null : Convert.ToHexStringLower(row.Blob(12)),
            ValidationLossError = isFourth ? row.Double(13) : double.NaN,
            ValidationMetricError = isFourth ? row.Double(14) : double.NaN,
        });
}
