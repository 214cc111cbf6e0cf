using Npgsql;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

internal sealed class PostgresMetrics(PostgresSession session, PostgresWriter writer) : IMetricStore
{
    private const string Columns = Rows + " WHERE s.id = $1";

    private const string Rows =
        """
        SELECT s.id, m.configuration, m.fold, m.attempt, m.epoch, m.train_loss, m.train_metric, m.validation_loss,
            m.validation_metric, m.train_seconds, m.evaluation_seconds, m.cpu_seconds, m.samples, m.weights_digest,
            m.validation_loss_error, m.validation_metric_error
        FROM sweeps.sweeps s JOIN sweeps.metrics m ON m.sweep = s.key
        """;

    private const string Order = " ORDER BY m.configuration, m.fold, m.attempt, m.epoch";

    public async Task PutAsync(IReadOnlyList<MetricRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
            StoreRules.Check(row);
        if (rows.Count == 0)
            return;
        var write = new PostgresPut(rows, cancellationToken);
        await writer.EnqueueAsync(write, cancellationToken);
        await write.Answer;
    }

    public async Task<IReadOnlyList<MetricRow>> ReadAsync(
        string sweep, CancellationToken cancellationToken = default) =>
        await session.QueryAsync(Columns + Order, ToRow, cancellationToken, sweep);

    public async Task<IReadOnlyList<MetricRow>> ReadTrialAsync(
        TrialKey trial, CancellationToken cancellationToken = default) =>
        await session.QueryAsync(
            Columns + " AND m.configuration = $2 AND m.fold = $3" + Order,
            ToRow,
            cancellationToken,
            trial.Sweep,
            trial.Configuration,
            trial.Fold);

    public async Task<IReadOnlyList<MetricRow>> ReadTrialsAsync(
        IReadOnlyCollection<TrialKey> trials, CancellationToken cancellationToken = default)
    {
        const string sought =
            """
             JOIN unnest($1, $2, $3) AS t (sweep, configuration, fold)
                ON t.sweep = s.id AND t.configuration = m.configuration AND t.fold = m.fold
             ORDER BY s.id, m.configuration, m.fold, m.attempt, m.epoch
            """;
        ArgumentNullException.ThrowIfNull(trials);
        return trials.Count == 0
            ? []
            : await session.QueryAsync(
                Rows + sought,
                ToRow,
                cancellationToken,
                trials.Select(trial => trial.Sweep).ToArray(),
                trials.Select(trial => trial.Configuration).ToArray(),
                trials.Select(trial => trial.Fold).ToArray());
    }

    private static MetricRow ToRow(NpgsqlDataReader row) => new(
        new TrialKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)),
        row.GetInt32(3),
        new EpochReport(
            row.GetInt32(4),
            row.GetDouble(5),
            row.GetDouble(6),
            row.GetDouble(7),
            row.GetDouble(8),
            row.GetDouble(9),
            row.GetDouble(10),
            row.GetDouble(11),
            row.GetInt32(12))
        {
            WeightsDigest = row.IsDBNull(13) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(13)),
            ValidationLossError = row.IsDBNull(14) ? double.NaN : row.GetDouble(14),
            ValidationMetricError = row.IsDBNull(15) ? double.NaN : row.GetDouble(15),
        });
}
