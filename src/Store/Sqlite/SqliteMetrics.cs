using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Sqlite;

internal sealed class SqliteMetrics(SqliteSession session) : IMetricStore
{
    private const string Columns =
        """
        SELECT configuration, fold, attempt, epoch, train_loss, train_metric, validation_loss, validation_metric,
            train_seconds, evaluation_seconds, cpu_seconds, samples
        FROM metrics WHERE sweep = ?
        """;

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
        session.ReadAsync<IReadOnlyList<MetricRow>>(database => Read(database, sweep, Columns), cancellationToken);

    public Task<IReadOnlyList<MetricRow>> ReadTrialAsync(TrialKey trial, CancellationToken cancellationToken = default)
    {
        const string sql = Columns + " AND configuration = ? AND fold = ?";
        return session.ReadAsync<IReadOnlyList<MetricRow>>(
            database => Read(database, trial.Sweep, sql, trial.Configuration, trial.Fold), cancellationToken);
    }

    private int Put(SqliteDatabase database, IReadOnlyList<MetricRow> rows)
    {
        const string sql =
            """
            INSERT OR REPLACE INTO metrics (sweep, configuration, fold, attempt, epoch, train_loss, train_metric,
                validation_loss, validation_metric, train_seconds, evaluation_seconds, cpu_seconds, samples)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
            insert.Step();
            insert.Reset();
        }

        return rows.Count;
    }

    private static List<MetricRow> Read(
        SqliteDatabase database, string sweep, string sql, params ReadOnlySpan<object?> values)
    {
        var key = database.Number("SELECT key FROM sweeps WHERE id = ?", sweep);
        return key is null ? [] : database.Query(sql, row => ToRow(sweep, row), [key.Value, .. values]);
    }

    private static MetricRow ToRow(string sweep, SqliteStatement row) => new(
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
            row.Int32(11)));
}
