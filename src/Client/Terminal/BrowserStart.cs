using System.ComponentModel;
using System.Diagnostics;
using Sweeps.Core;

namespace Sweeps.Client.Terminal;

/// <summary>Starts the user's browser.</summary>
internal static class BrowserStart
{
    /// <summary>Opens a page or a file.</summary>
    /// <param name="place">Its address or path.</param>
    /// <param name="option">The option that asked for it, for the error.</param>
    /// <exception cref="SweepsException">No browser could be started.</exception>
    public static void Open(string place, string option)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(place) { UseShellExecute = true });
        }
        catch (Exception error) when (error is Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            throw new SweepsException(
                ErrorKind.Environment,
                $"{option}: no browser could be started ({error.Message}); open it yourself: {place}",
                error);
        }
    }
}
