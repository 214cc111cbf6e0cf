using Npgsql;
using Sweeps.Store.Addresses;

namespace Sweeps.Store.Tests.Addresses;

public sealed class PostgresTargetTests
{
    [Theory]
    [InlineData("sw", "createdb -U sweeps nix", "createdb -U sweeps nix")]
    [InlineData("sweeps", "postgres://sweeps@lab/sweeps", "postgres://sweeps@lab/sweeps")]
    [InlineData("sw", "postgres://sweeps:sw@lab/sweeps", "postgres://sweeps:***@lab/sweeps")]
    [InlineData("sw", "Host=lab;Password=sw;Username=sweeps", "Host=lab;password=***;Username=sweeps")]
    [InlineData("long/secret", "cannot use long/secret here", "cannot use *** here")]
    [InlineData("long/secret", "postgres://sweeps:long%2Fsecret@lab/sweeps", "postgres://sweeps:***@lab/sweeps")]
    public void Scrub_TextWithAPassword_LosesThePasswordAlone(string password, string text, string scrubbed)
    {
        var target = new PostgresTarget(
            new NpgsqlConnectionStringBuilder
            {
                Host = "lab",
                Username = "sweeps",
                Database = "sweeps",
                Password = password,
            },
            artifactFolder: null);

        Assert.Equal(scrubbed, target.Scrub(text));
    }
}
