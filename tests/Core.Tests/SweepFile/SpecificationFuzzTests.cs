using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>
/// Good and bad files, mutated at random: whatever comes, the reader gives a sweep that works or clear errors, and an
/// editor's schema refuses what the rules refuse.
/// </summary>
public class SpecificationFuzzTests
{
    private static readonly string[] s_tokens =
    [
        ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "\"", "'", "#", "&a ", "*a", "!!float ", "|", ">", "%",
        "\t", "---\n", "\0", "\ud83d", "é",
        "0", "-1", "1e400", "1e-400", "NaN", ".inf", "99999999999999999999", "0x10", "null", "~", "true", "when: ",
            "min: ", "values: ",
        "points: 3", "distribution: normal", "when: {optimizer: sgd}", "probabilities: [1]", "<<: ", "mlp-1000000",
            "conv 3 3x3 | ",
    ];

    [Fact]
    public void Read_MutatedFiles_GivesSweepsOrClearErrors() => Run(0, 400);

    [Fact]
    [Trait("Speed", "slow")]
    public void Read_MoreMutatedFiles_GivesSweepsOrClearErrors() => Run(400, 1_100);

    [Fact]
    [Trait("Speed", "nightly")]
    public void Read_TenThousandMutatedFiles_GivesSweepsOrClearErrors() => Run(1_500, 11_400);

    private static void Run(int first, int count)
    {
        var corpus = Corpus();
        var (valid, wrong) = (0, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var text = Mutate(random, corpus);
            try
            {
                if (Check(text, random.Next(2) == 0 ? "sweep.yaml" : "sweep.json"))
                    valid++;
                else
                    wrong++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}\n--- file ---\n{text}");
            }
        }

        // Both sides must be met, or the fuzzer tests nothing.
        Assert.InRange(valid, count / 50, count);
        Assert.InRange(wrong, count / 5, count);
    }

    /// <summary>Whether the file is a sweep.</summary>
    private static bool Check(string text, string name)
    {
        var reading = SpecificationReader.Read(text, name);
        CheckSchema(text, name);
        foreach (var problem in reading.Errors.Concat(reading.Notes))
        {
            Assert.InRange(
                problem.Position.Line, 1, text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2);
            Assert.InRange(problem.Position.Column, 1, text.Length + 2);
            Assert.False(string.IsNullOrWhiteSpace(problem.Message));
            Assert.DoesNotContain("\n", problem.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", problem.Message, StringComparison.Ordinal);
        }

        if (reading.Specification is not { } specification)
        {
            Assert.NotEmpty(reading.Errors);
            return false;
        }

        var yaml = SpecificationWriter.ToYaml(specification);
        Assert.Equal(yaml, SpecificationWriter.ToYaml(Reading.Valid(yaml)));
        var searcher = specification.CreateSearcher();
        var again = Reading.Valid(SpecificationWriter.ToJson(specification)).CreateSearcher();
        Assert.Equal(searcher.Propose(0, []), again.Propose(0, []));
        return true;
    }

    private static void CheckSchema(string text, string name)
    {
        var source = new ProblemList();
        if (SourceReader.Read(text, name, source) is not { } node || source.Count > 0)
            return;
        var context = new ReadingContext();
        SweepRules.File.Read(node, "", context, out _);
        var problems = context.Refused;

        // Quoted numbers, 1e400 and control characters are texts to JSON Schema.
        if (problems.Any(p => !p.Message.Contains("control characters", StringComparison.Ordinal)))
            Assert.False(SpecificationSchemaTests.Schema.IsValid(
                SpecificationSchemaTests.ToJson(node)), problems.First().ToString());
    }

    private static string[] Corpus() =>
    [
        .. WandbFiles.Adapted,
        .. CanonicalFormTests.All,
        .. CanonicalFormTests.All.Select(t => SpecificationWriter.ToJson(Reading.Valid(t))),
        .. Directory.GetFiles(RepositoryRoot.Combine("examples"), "*.yaml").Select(File.ReadAllText),
        .. Directory.GetFiles(RepositoryRoot.Combine("tests", "Core.Tests", "SweepFile", "Golden"), "*.yaml")
            .Select(File.ReadAllText),
    ];

    private static string Mutate(Random random, string[] corpus)
    {
        var text = corpus[random.Next(corpus.Length)];
        for (var i = random.Next(1, 5); i > 0 && text.Length > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, s_tokens[random.Next(s_tokens.Length)]),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text[..at] + (char)random.Next(32, 127) + text[(at + 1)..],
                4 => SwapLines(random, text),
                _ => Splice(random, text, corpus[random.Next(corpus.Length)]),
            };
        }

        return text;
    }

    private static string SwapLines(Random random, string text)
    {
        var lines = text.Split('\n');
        var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    private static string Splice(Random random, string text, string other)
    {
        var lines = text.Split('\n').ToList();
        var donors = other.Split('\n');
        lines.Insert(random.Next(lines.Count + 1), donors[random.Next(donors.Length)]);
        return string.Join('\n', lines);
    }
}
