namespace Sweeps.Client.Machine;

/// <summary>How a finding is to be taken.</summary>
internal enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not there, and not needed by every sweep.</summary>
    Optional,

    /// <summary>Works, but slowly or doubtfully.</summary>
    Poor,

    /// <summary>Needed and not there.</summary>
    Missing,
}
