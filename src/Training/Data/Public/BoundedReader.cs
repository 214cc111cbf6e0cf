namespace Sweeps.Training.Data.Public;

/// <summary>Reads announced amounts without believing the announcement: memory is given as bytes arrive.</summary>
internal static class BoundedReader
{
    /// <summary>
    /// DEFLATE cannot shrink more than 1032 times (zlib's technical details), so a larger claim is refuted by the
    /// length of the file.
    /// </summary>
    public const int DeflateRatioMax = 1032;

    /// <summary>
    /// Memory is given at once up to this multiple of the file, which every real data set stays below.
    /// </summary>
    public const int TrustedRatio = 16;

    /// <summary>Reads <paramref name="total"/> bytes, or up to the end of the stream if that comes first.</summary>
    /// <param name="content">What to read.</param>
    /// <param name="total">Number of bytes announced.</param>
    /// <param name="trusted">Bytes that may be allocated before any has been seen.</param>
    /// <param name="filled">Number of bytes read.</param>
    public static byte[] Read(Stream content, int total, long trusted, out int filled)
    {
        var values = new byte[Math.Min(total, Math.Max(trusted, 4096))];
        filled = 0;
        while (true)
        {
            filled += content.ReadAtLeast(values.AsSpan(filled), values.Length - filled, throwOnEndOfStream: false);
            if (filled < values.Length || filled == total)
                return values;
            Array.Resize(ref values, (int)Math.Min(total, values.Length * 2L));
        }
    }
}
