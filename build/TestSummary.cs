// Prints what the result files (*.trx) of a test run say: failures with their messages, skipped tests with their
// reasons, and one closing line. A run that broke off (a test host that crashed, a file that is missing or cut short)
// is a failure too. Run as: dotnet run build/TestSummary.cs -- FOLDER
using System.Xml;
using System.Xml.Linq;

XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
var folder = args is [var path] && Directory.Exists(path) ? path : null;
List<XDocument> runs = [];
List<string> broken = [];
string[] files = folder is null ? [] : Directory.GetFiles(folder, "*.trx");
foreach (var file in files.Order(StringComparer.Ordinal))
{
    try
    {
        runs.Add(XDocument.Load(file));
    }
    catch (XmlException error)
    {
        broken.Add($"{file} is incomplete: {error.Message}");
    }
}

if (runs.Count + broken.Count == 0)
    broken.Add($"no result file in {string.Join(' ', args)}: the run ended before its tests did");

// What went wrong outside of any test: a test host that crashed or never started.
// A test that failed is told here as well, by a line that ends with [FAIL].
foreach (var info in runs.Descendants(ns + "RunInfo").Where(info => (string?)info.Attribute("outcome") == "Error"))
{
    var text = info.Element(ns + "Text")?.Value.Trim() ?? "a run broke off";
    if (!text.EndsWith("[FAIL]", StringComparison.Ordinal))
        broken.Add(text);
}

foreach (var run in runs)
{
    var outcome = (string?)run.Descendants(ns + "ResultSummary").FirstOrDefault()?.Attribute("outcome");
    if (outcome is null or "Aborted" or "Error" or "Timeout")
        broken.Add($"a run ended as '{outcome ?? "unknown"}'");
}

var results = runs.Descendants(ns + "UnitTestResult").ToList();
List<XElement> Of(params string[] outcomes) =>
    [.. results.Where(result => outcomes.Contains((string?)result.Attribute("outcome")))];
string Name(XElement result) => (string?)result.Attribute("testName") ?? "?";
string Message(XElement result) => result.Descendants(ns + "Message").FirstOrDefault()?.Value.Trim() ?? string.Empty;
double Seconds(XElement result) =>
    TimeSpan.TryParse((string?)result.Attribute("duration"), out var duration) ? duration.TotalSeconds : 0;

Console.WriteLine("Slowest:");
foreach (var result in results.OrderByDescending(Seconds).Take(15))
    Console.WriteLine($"  {Seconds(result),6:0.0} s  {Name(result)}");
var (passed, skipped) = (Of("Passed"), Of("NotExecuted"));
var failed = results.Except(passed).Except(skipped).ToList();
if (skipped.Count > 0)
    Console.WriteLine("Skipped:");
foreach (var result in skipped)
    Console.WriteLine($"  {Name(result)} ({Message(result)})");
if (failed.Count > 0)
    Console.WriteLine("Failed:");
foreach (var result in failed)
    Console.WriteLine($"  {Name(result)}\n    {Message(result).ReplaceLineEndings("\n    ")}");
if (broken.Count > 0)
    Console.WriteLine("Broken off:");
foreach (var reason in broken)
    Console.WriteLine($"  {reason.ReplaceLineEndings("\n    ")}");
Console.WriteLine($"{passed.Count} passed, {failed.Count} failed, {skipped.Count} skipped");
return failed.Count == 0 && broken.Count == 0 && passed.Count > 0 ? 0 : 1;
