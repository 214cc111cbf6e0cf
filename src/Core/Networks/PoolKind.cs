namespace Sweeps.Core.Networks;

/// <summary>What a pool makes of the values in its window.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The mean; padding is not counted, as in TensorFlow.</summary>
    Average,
}
