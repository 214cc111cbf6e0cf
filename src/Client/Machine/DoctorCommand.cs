using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Data;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Results;
using Sweeps.Training.Data;

namespace Sweeps.Client.Machine;

/// <summary><c>sweeps doctor</c>: checks this machine and names the fix for what it lacks.</summary>
internal static class DoctorCommand
{
    // After a mark of 7 letters and a name of 24.
    private const int ValueColumn = 36;

    public static Command Create()
    {
        var store = new StoreOption();
        var dataDir = new DataOptions().DataDir;
        var json = JsonOption.Create();
        var command = new Command("doctor", "Check this machine: versions, libraries, threads, speed, data, store.")
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
            findings.AddRange(await StoreCheck.RunAsync(store.Address(parsed), cancellation));
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
            finding.Fix,
        }),
    };

    private static void Write(List<Finding> findings, IAnsiConsole console)
    {
        foreach (var area in findings.GroupBy(finding => finding.Area))
        {
            console.MarkupLine($"[bold]{area.Key}[/]");
            foreach (var finding in area)
            {
                Write(console, $"  {Mark(finding.Status)}  {finding.Name,-24} {Markup.Escape(finding.Value)}");
                if (finding.Fix is { } fix)
                    Write(console, $"{new string(' ', ValueColumn)}[bold]fix: {Markup.Escape(fix)}[/]");
            }
        }

        console.WriteLine();
        console.WriteLine(IsMissing(findings)
            ? "A requirement is missing: see above."
            : "All requirements are met. Try: sweeps run examples/digits.yaml");
    }

    private static void Write(IAnsiConsole console, string markup)
    {
        console.Write(HangingIndent.At(ValueColumn, markup));
        console.WriteLine();
    }

    private static string Mark(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "[green]ok     [/]",
        FindingStatus.Optional => "[dim]absent [/]",
        FindingStatus.Poor => "[yellow]poor   [/]",
        _ => "[red]MISSING[/]",
    };
}

/// <summary>One result of 'sweeps doctor': what was found, and the command or step that fixes it.</summary>
internal sealed record Finding(
    string Area, string Name, string Value, FindingStatus Status = FindingStatus.Ok, string? Fix = null);

internal enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Absent, and not needed by every sweep.</summary>
    Optional,

    /// <summary>Works, but slowly or unreliably.</summary>
    Poor,

    /// <summary>Required and absent.</summary>
    Missing,
}
