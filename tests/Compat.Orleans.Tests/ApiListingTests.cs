using Sweeps.Tests;

namespace Sweeps.Compat.Orleans.Tests;

/// <summary>Whatever compat/Orleans shows, the real packages have: same names, same parameters, same results.</summary>
public sealed class ApiListingTests
{
    [ApiListingFact]
    [Trait("Speed", "slow")]
    public async Task PublicApi_IsASubsetOfTheRealOne()
    {
        var tool = Directory.CreateTempSubdirectory("apilist");
        try
        {
            foreach (var file in Directory.GetFiles(ApiListingFactAttribute.Tool))
            {
                File.Copy(file, Path.Combine(tool.FullName, Path.GetFileName(file)));
            }

            var result = await Shell.RunAsync(
                "dotnet",
                ["run", "--", "check", ApiListingFactAttribute.Listing, typeof(Grain).Assembly.Location],
                tool.FullName);

            Assert.True(result.ExitCode == 0, result.All);
            Assert.Contains("0 members of Orleans.dll are not in the listing", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            tool.Delete(recursive: true);
        }
    }
}
