using Sweeps.Grains.Contracts;

namespace Sweeps.Grains.Work;

/// <summary>Where trial grains put what the sweep must hear; the silo's worker carries it there in batches.</summary>
public interface IOutbox
{
    /// <summary>
    /// Takes the last report of an attempt. Everything beside the log (model, checkpoint, metrics) is stored.
    /// </summary>
    void Add(AttemptEnd end);
}
