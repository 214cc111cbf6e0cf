using System.Globalization;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>What <c>sweeps drill</c> prints.</summary>
internal static class DrillPage
{
    public static void Write(DrillReport report, TextWriter output)
    {
        for (var kill = 0; kill < report.Losses.Count; kill++)
        {
            var loss = report.Losses[kill];
            output.WriteLine(loss.Trials == 0
                ? $"kill {kill + 1,-9} the silo had no running trials"
                : $"kill {kill + 1,-9} {loss.Trials} running trials: detected after {Seconds(loss.DetectedSeconds)}, "
                    + $"the next trial started after {Seconds(loss.NextSeconds)}, "
                    + $"all resumed after {Seconds(loss.RecoveredSeconds)}, {loss.EpochsLost} epochs repeated");
        }

        var audit = report.Disturbed.Audit();
        output.WriteLine($"audit          planned {audit.Planned}, completed {audit.Completed}, unique {audit.Unique}, "
            + $"lost {audit.Lost}, retried {audit.Retried}: {(audit.Holds ? "it holds" : "it does NOT hold")}");
        var (undisturbed, disturbed) = report.Digests;
        output.WriteLine($"digest         {undisturbed ?? "none"} undisturbed");
        output.WriteLine($"               {disturbed ?? "none"} with {report.Losses.Count} kills: "
            + (report.IsEqual ? "equal" : "NOT equal"));
    }

    public static void WriteJson(DrillReport report, TextWriter output)
    {
        var audit = report.Disturbed.Audit();
        Screen.WriteJson(output, new
        {
            undisturbed = report.Undisturbed.Plan.Id,
            disturbed = report.Disturbed.Plan.Id,
            equal = report.IsEqual,
            digest = report.Digests.Undisturbed,
            digest_disturbed = report.Digests.Disturbed,
            planned = audit.Planned,
            completed = audit.Completed,
            unique = audit.Unique,
            lost = audit.Lost,
            retried = audit.Retried,
            kills = report.Losses,
        });
    }

    private static string Seconds(double? seconds) =>
        seconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} s") : "never";
}
