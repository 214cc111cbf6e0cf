using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;

namespace Sweeps.Grains.Coordination;

/// <summary>
/// The best configuration of a sweep, kept up as scores come in: a listing shows it of a running sweep, and looking at
/// all scores for each append would cost more the longer the sweep runs.
/// </summary>
internal sealed class BestSoFar
{
    private ScoredConfiguration? _best;
    private bool _isKnown;

    /// <summary>What was seen may have been taken back: all scores are looked at again.</summary>
    public void Forget() => _isKnown = false;

    /// <summary>The best of a state that has just evolved by these events.</summary>
    public ScoredConfiguration? Of(SweepState state, IEnumerable<SweepEvent> events)
    {
        foreach (var scored in events.OfType<ConfigurationScored>())
            See(state, scored.Configuration);
        if (!_isKnown)
            (_best, _isKnown) = (SweepProgress.BestSoFar(state), true);
        return _best;
    }

    private void See(SweepState state, int index)
    {
        // The best one itself may have become worse.
        if (index == _best?.Index)
            _isKnown = false;
        else if (_isKnown)
            _best = SweepProgress.BetterOf(state, _best, index);
    }
}
