using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Data;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Training.Data;

namespace Sweeps.Client.Machine;

/// <summary><c>sweeps doctor</c>: what this machine has, what it lacks, and what mends it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var store = new StoreOption();
        var dataDir = new DataOptions().DataDir;
        var json = JsonOption.Create();
        var command = new Command("doctor", "Look at this machine: versions, libraries, threads, speed, data, store.")
        {
            store.Option, dataDir, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folders = DataFolders.FromEnvironment(parsed.GetValue(dataDir));
            var findings = new List<Finding>();
            findings.AddRange(ProgramCheck.Run());
            findings.AddRange(LibraryCheck.Run());
            if (!IsMissing(findings))
            {
                findings.AddRange(ThreadCheck.Run());
                findings.AddRange(SpeedCheck.Run(new DataSets(folders)));
            }

            findings.AddRange(DataCheck.Run(folders));
            findings.Add(await StoreCheck.RunAsync(store.Address(parsed), cancellation));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                Screen.WriteJson(output, Json(findings));
            else
                Write(findings, Screen.On(output));
            return IsMissing(findings) ? (int)ErrorKind.Environment : 0;
        });
        return command;
    }

    private static bool IsMissing(List<Finding> findings) =>
        findings.Exists(finding => finding.Status == FindingStatus.Missing);

    private static object Json(List<Finding> findings) => new
    {
        ok = !IsMissing(findings),
        findings = findings.Select(finding => new
        {
            finding.Area,
            finding.Name,
            finding.Value,
            status = ConfigurationText.Word(finding.Status),
            finding.Mend,
        }),
    };

    private static void Write(List<Finding> findings, IAnsiConsole console)
    {
        foreach (var area in findings.GroupBy(finding => finding.Area))
        {
            console.MarkupLine($"[bold]{area.Key}[/]");
            foreach (var finding in area)
            {
                console.MarkupLine($"  {Mark(finding.Status)}  {finding.Name,-24} {Markup.Escape(finding.Value)}");
                if (finding.Mend is { } mend)
                    console.MarkupLine($"  {"",-34}[bold]mend it: {Markup.Escape(mend)}[/]");
            }
        }

        console.WriteLine();
        console.WriteLine(IsMissing(findings)
            ? "Something needed is missing: see above."
            : "Everything needed is here. Try: sweeps run examples/digits.yaml");
    }

    private static string Mark(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "[green]ok     [/]",
        FindingStatus.Optional => "[dim]absent [/]",
        FindingStatus.Poor => "[yellow]poor   [/]",
        _ => "[red]MISSING[/]",
    };
}

/// <summary>One thing that 'sweeps doctor' looked at.</summary>
/// <param name="Area">What it belongs to: <c>program</c>, <c>libtorch</c>, <c>data</c>, ...</param>
/// <param name="Name">What was looked at.</param>
/// <param name="Value">What was found.</param>
/// <param name="Status">How it is to be taken.</param>
/// <param name="Mend">The command or step that mends it; null: nothing to mend.</param>
internal sealed record Finding(
    string Area, string Name, string Value, FindingStatus Status = FindingStatus.Ok, string? Mend = null);

/// <summary>How a finding is to be taken.</summary>
internal enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not there, and not needed by every sweep.</summary>
    Optional,

    /// <summary>Works, but slowly or doubtfully.</summary>
    Poor,

    /// <summary>Needed and not there.</summary>
    Missing,
}
