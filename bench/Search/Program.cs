using System.Globalization;
using Sweeps.Bench.Search;

// Measures searchers.
//   dotnet run -c Release --project bench/Search -- [SEEDS, default 20] [LAG, default 4] [METHOD or FUNCTION...]
//     on functions whose least value is known: the regret, and how long proposals take; bayes branin "ackley 20"
//   dotnet run -c Release --project bench/Search -- table [SEEDS, default 20] [METHOD[+SCHEDULE[/OVER]]...]
//     on the table of real trainings: the share of the grid's epochs until a configuration is as good as its best;
//     random+hyperband, tpe+hyperband/epochs
//   dotnet run -c Release --project bench/Search -- make-table STORE SWEEP
//     writes that table, from the store of the sweep that measured it
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var here = AppContext.BaseDirectory;
var (grid, table) = (Path.Combine(here, "mlp-table.yaml"), Path.Combine(here, "mlp-table.csv"));
switch (args)
{
    case ["make-table", var store, var sweep]:
        await MeasuredTable.WriteAsync(grid, store, sweep, Console.Out);
        break;
    case ["table", .. var rest]:
        TableReport.Write(
            MeasuredTable.Read(grid, table), rest.Length > 0 ? int.Parse(rest[0]) : 20, [.. rest.Skip(1)]);
        break;
    default:
        RegretReport.Write(
            args.Length > 0 ? int.Parse(args[0]) : 20, args.Length > 1 ? int.Parse(args[1]) : 4, [.. args.Skip(2)]);
        break;
}
