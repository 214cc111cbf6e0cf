using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sweeps.Core;

namespace Sweeps.Silo.Health;

/// <summary>
/// The certificate of the health endpoints, from files in PEM form. Files that are replaced are read again, so that a
/// certificate can be renewed without a restart; where that fails, the old one stays.
/// </summary>
public sealed class HealthCertificate
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _certificate;
    private readonly string _key;
    private SslStreamCertificateContext _context;
    private (DateTime Certificate, DateTime Key) _written;
    private long _looked = Environment.TickCount64;

    /// <summary>Reads the files.</summary>
    /// <param name="certificate">The certificate, and after it those of the authorities between.</param>
    /// <param name="key">Its private key; null: in the same file.</param>
    /// <exception cref="SweepsException">They cannot be read, or do not belong together.</exception>
    public HealthCertificate(string certificate, string? key)
    {
        (_certificate, _key) = (certificate, key ?? certificate);
        try
        {
            (_context, _written) = Read();
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            var files = key is null ? $"--certificate {certificate}" : $"--certificate {certificate} --key {key}";
            throw new SweepsException(
                ErrorKind.Usage,
                $"{files}: {error.Message.TrimEnd('.')}. Name PEM files that this user can read: a certificate, and "
                    + "its private key without a password.",
                error);
        }
    }

    /// <summary>What each connection uses.</summary>
    public TlsHandshakeCallbackOptions Options => new()
    {
        OnConnection = _ => ValueTask.FromResult(
            new SslServerAuthenticationOptions { ServerCertificateContext = Current() }),
    };

    private SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (Environment.TickCount64 - _looked >= LookAgain.TotalMilliseconds)
            {
                _looked = Environment.TickCount64;
                ReadAgain();
            }

            return _context;
        }
    }

    private void ReadAgain()
    {
        try
        {
            if (Written() != _written)
                (_context, _written) = Read();
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            // Half of the files are new, say: the next look may find both.
        }
    }

    private (DateTime Certificate, DateTime Key) Written() =>
        (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private (SslStreamCertificateContext Context, (DateTime Certificate, DateTime Key) Written) Read()
    {
        var written = Written();
        var certificate = X509Certificate2.CreateFromPemFile(_certificate, _key);
        if (OperatingSystem.IsWindows())
        {
            // TLS of Windows takes no key that was not loaded with its certificate.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(_certificate);
        return (SslStreamCertificateContext.Create(certificate, all, offline: true), written);
    }

    private static bool IsUnreadable(Exception error) =>
        error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
