namespace Sweeps.Core.Networks;

/// <summary>What is put around an image before a window slides over it.</summary>
public enum PaddingKind
{
    /// <summary>Nothing: windows lie within the image.</summary>
    Valid,

    /// <summary>
    /// TensorFlow's <c>same</c>: as much as makes the output ceil(W / S) wide; where it is odd, one more at the end.
    /// </summary>
    Same,

    /// <summary>A stated number of rows and columns on every side.</summary>
    Explicit,
}
