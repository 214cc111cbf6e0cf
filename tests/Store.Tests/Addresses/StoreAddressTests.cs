using Sweeps.Core;
using Sweeps.Store.Addresses;

namespace Sweeps.Store.Tests.Addresses;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("/data/lab", "/data/lab/sweeps.db")]
    [InlineData("sqlite:/data/lab", "/data/lab/sweeps.db")]
    [InlineData("sqlite:/data/lab.db", "/data/lab.db")]
    [InlineData("SQLITE:/data/lab/", "/data/lab/sweeps.db")]
    [InlineData(" /data/x.db ", "/data/x.db")]
    public void Parse_Path_IsTheDatabaseFile(string text, string path)
    {
        var address = StoreAddress.Parse(text);
        Assert.Equal((StoreKind.Sqlite, Path.GetFullPath(path)), (address.Kind, address.Path));
        Assert.Equal(address.Path, address.ToString());
    }

    [Fact]
    public void Parse_RelativeFolder_IsUnderTheCurrentOne() =>
        Assert.Equal(
            Path.Combine(Environment.CurrentDirectory, ".sweeps", "sweeps.db"), StoreAddress.Parse(".sweeps").Path);

    [Theory]
    [InlineData("postgres://ada:top%2Fsecret@db:6543/lab", "postgres://ada@db:6543/lab")]
    [InlineData("postgresql://ada:topsecret@db/lab", "postgres://ada@db:5432/lab")]
    [InlineData("postgres://ada@db", "postgres://ada@db:5432/ada")]
    [InlineData("postgres://ada:top@secret@db/lab", "postgres://ada@db:5432/lab")]
    [InlineData("postgres://ada:topsecret@[::1]:6000/lab", "postgres://ada@[::1]:6000/lab")]
    [InlineData("postgres://ada@db/lab?password=topsecret&sslmode=verify-full", "postgres://ada@db:5432/lab")]
    [InlineData("postgres://ada@/lab?host=/var/run/postgresql", "postgres://ada@/var/run/postgresql:5432/lab")]
    [InlineData("postgres://ada:top@secret@db1:6000,db2/lab", "postgres://ada@db1:6000,db2:5432/lab")]
    [InlineData("postgres://ada@[::1]:6000,[fe80::1],10.0.0.5:7000/lab",
        "postgres://ada@[::1]:6000,[fe80::1]:5432,10.0.0.5:7000/lab")]
    [InlineData("postgres://ada@/lab?host=db1,db2&port=6000,7000", "postgres://ada@db1:6000,db2:7000/lab")]
    [InlineData("postgres://ada@db1,db2/lab?port=6000", "postgres://ada@db1:6000,db2:6000/lab")]
    [InlineData("Host=db1:6000,db2;Port=7000;Username=ada;Database=lab", "postgres://ada@db1:6000,db2:7000/lab")]
    [InlineData("Host=db;Port=6543;Username=ada;Password=topsecret;Database=lab", "postgres://ada@db:6543/lab")]
    [InlineData("Password='topsecret;x';Server=db;User Id=ada;Database=lab", "postgres://ada@db:5432/lab")]
    public void Parse_Server_ShowsEverythingButThePassword(string text, string shown)
    {
        var address = StoreAddress.Parse(text);
        Assert.Equal(StoreKind.Postgres, address.Kind);
        Assert.Equal(shown, address.ToString());
        Assert.Equal(shown, $"{address}");
        Assert.Equal(shown, address.Postgres!.ToString());
    }

    [Theory]
    [InlineData("postgres://ada:top%2Fsecret@db/lab", "top/secret")]
    [InlineData("postgres://ada:p%40s:s@db/lab", "p@s:s")]
    [InlineData("postgres://ada:[pa]@[::1]/lab", "[pa]")]
    [InlineData("Host=db;Username=ada;Password='a;b=c';Database=lab", "a;b=c")]
    public void Parse_Password_ArrivesUnescaped(string text, string password) =>
        Assert.Equal(password, StoreAddress.Parse(text).Postgres!.Secret().Password);

    [Fact]
    public void Parse_Options_AreTakenOver()
    {
        var secret = StoreAddress.Parse(
            "postgres://a@db/lab?sslmode=require&connect_timeout=7&application_name=x%20y").Postgres!.Secret();
        Assert.Equal((Npgsql.SslMode.Require, 7, "x y"), (secret.SslMode, secret.Timeout, secret.ApplicationName));
        var folder = StoreAddress.Parse("postgres://a@db/lab?artifacts=/mnt/shared");
        Assert.Equal("/mnt/shared", folder.Postgres!.ArtifactFolder);
        Assert.Equal("/mnt/shared", StoreAddress.Parse("Host=db;Artifacts=/mnt/shared").Postgres!.ArtifactFolder);
    }

    [Theory]
    [InlineData("postgres://a@db/lab", null, null)]
    [InlineData("postgres://a@db/lab?target_session_attrs=read-write", null, null)]
    [InlineData("postgres://a@db1,db2/lab", "read-write", "primary")]
    [InlineData("postgres://a@db1,db2/lab?target_session_attrs=any", "any", "any")]
    [InlineData("postgres://a@db1,db2/lab?target_session_attrs=prefer-primary", "prefer-primary", "prefer-primary")]
    public void Parse_SeveralHosts_AsksForTheOneThatTakesWrites(string text, string? writing, string? reading)
    {
        var target = StoreAddress.Parse(text).Postgres!;
        var wanted = target.Secret().TargetSessionAttributes;
        Assert.Equal(writing, target.SessionAttributes(wanted, isReadOnly: false));
        Assert.Equal(reading, target.SessionAttributes(wanted, isReadOnly: true));
    }

    [Fact]
    public void Parse_Kerberos_IsTakenOver()
    {
        var secret = StoreAddress.Parse(
            "postgres://a@db/lab?krbsrvname=pg&gssencmode=require&channel_binding=require").Postgres!.Secret();
        Assert.Equal(
            ("pg", Npgsql.GssEncryptionMode.Require, Npgsql.ChannelBinding.Require),
            (secret.KerberosServiceName, secret.GssEncryptionMode, secret.ChannelBinding));
    }

    [Theory]
    [InlineData("gssdelegation=1", "'gssdelegation', which Npgsql")]
    [InlineData("hostaddr=10.0.0.5", "'hostaddr', which Npgsql")]
    [InlineData("gssencmode=perhaps", "gssencmode = 'perhaps' is not understood")]
    [InlineData("target_session_attrs=standby", "allowed are any, read-write, primary, prefer-primary")]
    [InlineData("port=1,2,3", "3 ports for 2 hosts")]
    [InlineData("colour=red", "allowed are artifacts, host, port, sslmode")]
    public void Parse_OptionThatIsNotTaken_SaysWhy(string option, string says)
    {
        var error = Assert.Throws<SweepsException>(() => StoreAddress.Parse($"postgres://a@db1,db2/lab?{option}"));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://a@localhost,127.0.0.1:6000,[::1]/lab", true)]
    [InlineData("postgres://a@localhost,db/lab", false)]
    public void IsLocal_OfSeveralHosts_IsOfAll(string text, bool isLocal) =>
        Assert.Equal(isLocal, StoreAddress.Parse(text).IsLocal);

    [Theory]
    [InlineData("postgres://ada:secret@db1,db2:port/lab")]
    [InlineData("postgres://ada:secret@db:1:2/lab")]
    [InlineData("postgres://ada:top/secret@db/lab")]
    [InlineData("postgres://ada:top?secret@db/lab")]
    [InlineData("postgres://ada:12/secret@db/lab")]
    [InlineData("postgres://ada:secret@db:port/lab")]
    [InlineData("postgres://ada:secret@db:99999/lab")]
    [InlineData("postgres://ada:secret@db/lab?colour=red")]
    [InlineData("postgres://ada:secret@db/lab?sslmode=perhaps")]
    [InlineData("Host=db;Passwort=secret")]
    [InlineData("Host=db;Password='secret")]
    [InlineData("Host=db;Port=secret")]
    [InlineData("mysql://ada:secret@db/lab")]
    [InlineData("sqlite:")]
    [InlineData("postgres://ada:secret@db/lab?artifacts")]
    [InlineData("postgres://ada:secret@db/lab?artifacts=")]
    [InlineData("Host=db;artifacts")]
    public void Parse_Wrong_IsAUsageErrorThatShowsNoPassword(string text)
    {
        var error = Assert.Throws<SweepsException>(() => StoreAddress.Parse(text));
        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Parse_Fuzz_IsAnAddressOrAUsageError()
    {
        var random = new Random(20260301);
        string[] parts = ["postgres://", "sqlite:", "Host=", "a", ":", "@", "/", "?", "=", "&", ";", "[", "]", "%2",
            "%41", "é", "'", "\"", "5432", "\t", "\0", ".db", "password"];
        for (var round = 0; round < 10_000; round++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                Assert.NotNull(StoreAddress.Parse(text).ToString());
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Usage, error.Kind);
            }
        }
    }
}
