using System.Globalization;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>
/// Whether the store can have results of a sweep's trials at all. Where no other sweep has results of the same
/// numerics, data and seed, and none of this sweep is of the same course, a trial need not be looked up: one question
/// for all of them, asked again a second later, since another sweep may have begun meanwhile.
/// </summary>
internal sealed class PossibleResults(ISweepStore store, CourseBook courses, TimeProvider time)
{
    /// <summary>Courses remembered; beyond it trials are looked up one by one.</summary>
    private const int OwnMax = 1_000_000;

    private static readonly TimeSpan s_goodFor = TimeSpan.FromSeconds(1);

    // The trial of each course, by the course's first 64 bits: a chance equality costs a look-up. Null: there are
    // several, of which one may be the answer to another.
    private readonly Dictionary<ulong, TrialId?> _own = [];
    private bool _isOwnWhole = true;
    private SweepPlan? _plan;
    private string? _fingerprint;
    private long? _noneSince;

    /// <summary>A call begins: what was answered long ago is forgotten.</summary>
    public void Begin()
    {
        if (_noneSince is { } since && time.GetElapsedTime(since) >= s_goodFor)
            _noneSince = null;
    }

    /// <summary>Others wrote to the sweep: which courses they trained is not known here.</summary>
    public void NoteOthers() => (_isOwnWhole, _noneSince) = (false, null);

    /// <summary>True: the store has nothing of this trial. False: it may.</summary>
    public bool IsNone(TrialQuestion question, string? fingerprint) =>
        _noneSince is not null && fingerprint == _fingerprint && IsAloneOnItsCourse(question);

    /// <summary>Asks the store whether any other sweep has results of this one's basis.</summary>
    public async Task AskAsync(
        SweepState state,
        string? fingerprint,
        IReadOnlyList<TrialQuestion> questions,
        CancellationToken cancellation)
    {
        // A sweep that was begun by another process has trained what is not known here.
        if (_plan is null && state.Totals is { Running: > 0 } or { Ended: > 0 })
            _isOwnWhole = false;
        if (fingerprint != _fingerprint)
            (_isOwnWhole, _noneSince) = (_isOwnWhole && _plan is null, null);
        (_plan, _fingerprint) = (state.Plan, fingerprint);
        foreach (var question in questions)
            IsAloneOnItsCourse(question);
        if (_noneSince is not null)
            return;
        var basis = CourseBook.BasisOf(state.Plan, questions[0].Request, fingerprint);
        if (basis is null
            || !await store.Log.HasResultsAsync(basis, _isOwnWhole ? state.Plan.Id : null, cancellation))
        {
            _noneSince = time.GetTimestamp();
        }
    }

    private bool IsAloneOnItsCourse(TrialQuestion question)
    {
        if (courses.Of(_plan!, question.Request, _fingerprint) is not { } course)
            return true;
        var key = ulong.Parse(course.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (_own.TryGetValue(key, out var known))
        {
            if (known != question.Trial)
                _own[key] = null;
            return known == question.Trial;
        }

        if (_own.Count < OwnMax)
            _own.Add(key, question.Trial);
        else if (_isOwnWhole)
            NoteOthers();
        return true;
    }
}
