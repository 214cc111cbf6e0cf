namespace Sweeps.Client.Terminal;

/// <summary>How pictures can be drawn on an output.</summary>
internal enum DataColors
{
    /// <summary>Letters only: a file, a pipe, NO_COLOR.</summary>
    None,

    /// <summary>The 256 colours every terminal has.</summary>
    Indexed,

    /// <summary>24-bit colours.</summary>
    True,
}
