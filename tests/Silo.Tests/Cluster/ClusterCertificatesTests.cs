using System.Security.Cryptography.X509Certificates;
using Sweeps.Silo.Cluster;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>Which certificates a silo takes, and when.</summary>
public sealed class ClusterCertificatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-0.9, true)]
    [InlineData(0, true)]
    [InlineData(23.9, true)]
    [InlineData(-1.1, false)]
    [InlineData(24.1, false)]
    public void CertificateOfTheAuthority_IsGoodFromAnHourBeforeItWasMadeForADay(double hours, bool isGood)
    {
        var authority = ClusterCertificates.MakeAuthority(Now.AddDays(-1));
        using var silo = ClusterCertificates.MakeSilo(authority, Now);

        Assert.Equal(isGood, IsGood(silo, authority, Now.AddHours(hours)));
    }

    [Fact]
    public void CertificateOfAnotherAuthority_IsNot()
    {
        var authority = ClusterCertificates.MakeAuthority(Now);
        using var silo = ClusterCertificates.MakeSilo(authority, Now);
        using var other = ClusterCertificates.MakeSilo(ClusterCertificates.MakeAuthority(Now), Now);

        Assert.True(IsGood(silo, authority, Now));
        Assert.False(IsGood(other, authority, Now));
    }

    [Fact]
    public void Authority_ThatIsOld_SignsNothingBeyondItsEnd()
    {
        var authority = ClusterCertificates.MakeAuthority(Now);
        using var certificate = X509CertificateLoader.LoadCertificate(authority.Certificate.Span);
        var end = new DateTimeOffset(certificate.NotAfter);

        using var silo = ClusterCertificates.MakeSilo(authority, end.AddHours(-3));

        Assert.Equal(certificate.NotAfter, silo.NotAfter);
        Assert.True(IsGood(silo, authority, end.AddHours(-1)));
    }

    [Fact]
    public void Authority_OfALaterClock_SignsNothingBeforeItsBeginning()
    {
        var authority = ClusterCertificates.MakeAuthority(Now.AddMinutes(5));
        using var certificate = X509CertificateLoader.LoadCertificate(authority.Certificate.Span);

        using var silo = ClusterCertificates.MakeSilo(authority, Now);

        Assert.Equal(certificate.NotBefore, silo.NotBefore);
        Assert.True(IsGood(silo, authority, Now));
    }

    private static bool IsGood(X509Certificate2 certificate, AuthorityKey authority, DateTimeOffset at)
    {
        using var root = X509CertificateLoader.LoadCertificate(authority.Certificate.Span);
        using var chain = new X509Chain { ChainPolicy = ClusterCertificates.Policy(root, at) };
        return chain.Build(certificate);
    }
}
