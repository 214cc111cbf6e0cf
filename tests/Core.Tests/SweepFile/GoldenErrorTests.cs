using Sweeps.Core.SweepFile;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Wrong files in Golden/ beside this test, and the very lines that their author is told.</summary>
public class GoldenErrorTests
{
    private static readonly string s_folder = RepositoryRoot.Combine("tests", "Core.Tests", "SweepFile", "Golden");

    public static TheoryData<string> Files =>
        new(Directory.GetFiles(s_folder).Where(f => !f.EndsWith(".errors", StringComparison.Ordinal))
            .Select(f => Path.GetFileName(f)!));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_WrongFile_TellsEveryErrorWithItsPlace(string file)
    {
        var reading = SpecificationReader.Read(File.ReadAllText(Path.Combine(s_folder, file)), file);

        var expected = File.ReadAllLines(Path.Combine(s_folder, Path.ChangeExtension(file, ".errors")));
        Assert.Equal(expected, reading.Errors.Select(reading.Describe));
        Assert.NotEmpty(expected);
        Assert.Null(reading.Specification);
    }
}
