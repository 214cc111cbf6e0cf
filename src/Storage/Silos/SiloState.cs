namespace Sweeps.Storage;

/// <summary>
/// The life of an incarnation: Active → Draining → Left, or from either of the first two → Lost. Left and Lost are
/// final.
/// </summary>
public enum SiloState
{
    /// <summary>Takes work. Entered by registering.</summary>
    Active = 0,

    /// <summary>Finishes or hands back what it has. Entered and kept by a heartbeat that says so.</summary>
    Draining = 1,

    /// <summary>Went in order. Entered by leaving.</summary>
    Left = 2,

    /// <summary>Its lease ran out, or its process is known dead.</summary>
    Lost = 3,
}
