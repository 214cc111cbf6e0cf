using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Workers;

/// <summary>The attempts of this silo, each from its assignment until its sweep has accepted its end.</summary>
internal sealed class WorkInHand
{
    private readonly Dictionary<AttemptKey, Attempt> _attempts = [];

    /// <summary>Attempts in hand, those that ended but were not reported included.</summary>
    public int Count => _attempts.Count;

    public IReadOnlyCollection<AttemptKey> Keys => _attempts.Keys;

    public void Add(TrialAssignment assignment) =>
        _attempts.TryAdd(assignment.Key, new(assignment.IsExclusive));

    /// <summary>An attempt ended. False: it is not in hand or has ended before, so its end is nobody's news.</summary>
    public bool End(AttemptKey key)
    {
        if (!_attempts.TryGetValue(key, out var attempt) || attempt.HasEnded)
            return false;
        attempt.HasEnded = true;
        return true;
    }

    public void Remove(AttemptKey key) => _attempts.Remove(key);

    public void Clear() => _attempts.Clear();

    /// <summary>The attempts of a sweep that wait or train.</summary>
    public AttemptKey[] Running(string sweep) =>
        [.. _attempts.Where(pair => !pair.Value.HasEnded && pair.Key.Sweep == sweep).Select(pair => pair.Key)];

    /// <summary>Assignments to ask for: slots and prefetch less what waits or trains; none beside an exclusive
    /// trial, and none without a slot.</summary>
    public int Room(int slots, int prefetch)
    {
        if (slots == 0)
            return 0;
        var running = 0;
        foreach (var attempt in _attempts.Values.Where(attempt => !attempt.HasEnded))
        {
            if (attempt.IsExclusive)
                return 0;
            running++;
        }

        return slots + prefetch - running;
    }

    private sealed record Attempt(bool IsExclusive)
    {
        public bool HasEnded { get; set; }
    }
}
