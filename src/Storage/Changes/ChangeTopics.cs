namespace Sweeps.Storage;

/// <summary>Topics of the change feed that are not sweeps.</summary>
public static class ChangeTopics
{
    /// <summary>Silos that entered, left, were lost or were asked for slots; heartbeats alone are no change.</summary>
    public const string Silos = "@silos";
}
