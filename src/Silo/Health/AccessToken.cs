using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;

namespace Sweeps.Silo.Health;

/// <summary>A secret that somebody shows to be let in. Only its digest is kept, and comparing takes the same time for
/// every text.</summary>
public sealed class AccessToken
{
    private const int Least = 16;

    private readonly byte[] _digest;

    private AccessToken(string text) => _digest = Digest(text);

    /// <summary>The token of a variable or file; null: there is none.</summary>
    /// <param name="text">Its text; null or empty: none.</param>
    /// <param name="place">The variable or file, for the error.</param>
    /// <exception cref="SweepsException">It is too short, or has letters that no header can carry.</exception>
    public static AccessToken? Of(string? text, string place)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length < Least || text.Any(letter => letter is <= ' ' or > '~'))
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"{place} is no token: allowed are {Least} or more ASCII characters without spaces, for "
                    + "example from: openssl rand -hex 32");
        }

        return new(text);
    }

    /// <summary>Whether it is this token.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Digest(text), _digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
