using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// Makes the certificates of a cluster: one authority, kept in the store, and for each process one that it signed.
/// Their times are the store's, so that the clocks of the silos' machines do not matter.
/// </summary>
internal static class ClusterCertificates
{
    /// <summary>How long the certificate of a process is valid; it makes another after half of that.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Certificates are valid from a while ago, so that nobody's is of the future.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);

    private const int AuthorityYears = 30;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;

    /// <summary>A new authority.</summary>
    /// <param name="now">The store's clock.</param>
    public static AuthorityKey MakeAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A name of its own, so that a rotated one is never looked for under the name of the last.
        var name = $"CN=sweeps authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - Earlier, now.AddYears(AuthorityYears));
        return new(certificate.RawData, key.ExportPkcs8PrivateKey());
    }

    /// <summary>A certificate for this process, with a key that was never anywhere else.</summary>
    /// <param name="authority">Signs it.</param>
    /// <param name="now">The store's clock.</param>
    public static X509Certificate2 MakeSilo(AuthorityKey authority, DateTimeOffset now)
    {
        using var signer = ECDsa.Create();
        signer.ImportPkcs8PrivateKey(authority.Key.Span, out _);
        using var issuer = X509CertificateLoader.LoadCertificate(authority.Certificate.Span);
        using var signing = issuer.CopyWithPrivateKey(signer);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sweeps silo", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new(ServerAuthentication), new(ClientAuthentication)], true));
        // Within the authority's time, whatever became of the clock since.
        var from = now - Earlier > issuer.NotBefore ? now - Earlier : issuer.NotBefore;
        var until = now + Life < issuer.NotAfter ? now + Life : issuer.NotAfter;
        using var certificate = request.Create(
            signing, from, until, RandomNumberGenerator.GetBytes(SerialBytes));
        var complete = certificate.CopyWithPrivateKey(key);
        if (!OperatingSystem.IsWindows())
            return complete;
        // TLS of Windows takes no key that was not loaded with its certificate.
        using (complete)
            return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>What a certificate must fulfil: signed by the authority, and valid at a time.</summary>
    public static X509ChainPolicy Policy(X509Certificate2 authority, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // A stranger's certificate shall not make this process fetch anything.
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }
}
