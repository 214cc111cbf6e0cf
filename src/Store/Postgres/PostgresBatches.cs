using Npgsql;
using NpgsqlTypes;

namespace Sweeps.Store.Postgres;

/// <summary>The statements of a group: arrays in place of one statement per row.</summary>
internal static class PostgresBatches
{
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

    public static NpgsqlBatchCommand Put(List<PostgresPut> group)
    {
        var rows = group.SelectMany((put, call) => put.Metrics.Select(row => (Call: call, Row: row))).ToList();
        var command = new NpgsqlBatchCommand(
            "SELECT sweeps.put_metrics($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
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
        return command;
    }

    public static NpgsqlBatchCommand Notify(string notice)
    {
        var command = new NpgsqlBatchCommand($"SELECT pg_notify('{PostgresNotifier.Channel}', $1)");
        command.Parameters.Add(new NpgsqlParameter { Value = notice });
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IList<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
