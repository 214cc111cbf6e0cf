// Prints what the result files (*.trx) of a test run say: failures with their messages, skipped tests with their
// reasons, and one closing line. Run as: dotnet run build/TestSummary.cs -- FOLDER
using System.Xml.Linq;

XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
var folder = args is [var path] && Directory.Exists(path) ? path : null;
var results = folder is null
    ? []
    : Directory.EnumerateFiles(folder, "*.trx").Order(StringComparer.Ordinal)
        .SelectMany(file => XDocument.Load(file).Descendants(ns + "UnitTestResult")).ToList();

List<XElement> Of(string outcome) => [.. results.Where(result => (string?)result.Attribute("outcome") == outcome)];
string Name(XElement result) => (string?)result.Attribute("testName") ?? "?";
string Message(XElement result) => result.Descendants(ns + "Message").FirstOrDefault()?.Value.Trim() ?? string.Empty;
double Seconds(XElement result) =>
    TimeSpan.TryParse((string?)result.Attribute("duration"), out var duration) ? duration.TotalSeconds : 0;

Console.WriteLine("Slowest:");
foreach (var result in results.OrderByDescending(Seconds).Take(10))
    Console.WriteLine($"  {Seconds(result),6:0.0} s  {Name(result)}");
var (passed, failed, skipped) = (Of("Passed"), Of("Failed"), Of("NotExecuted"));
if (skipped.Count > 0)
    Console.WriteLine("Skipped:");
foreach (var result in skipped)
    Console.WriteLine($"  {Name(result)} ({Message(result)})");
if (failed.Count > 0)
    Console.WriteLine("Failed:");
foreach (var result in failed)
    Console.WriteLine($"  {Name(result)}\n    {Message(result).ReplaceLineEndings("\n    ")}");
Console.WriteLine($"{passed.Count} passed, {failed.Count} failed, {skipped.Count} skipped");
return failed.Count == 0 && passed.Count > 0 ? 0 : 1;
