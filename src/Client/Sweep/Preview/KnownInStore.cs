using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>
/// Which trials of a sweep a store has results of already, before the sweep is begun, and which it has the beginning
/// of.
/// </summary>
internal static class KnownInStore
{
    /// <summary>Beyond it nothing is looked up: a preview is to be quick.</summary>
    private const int TrialsMax = 50_000;

    private const int AtOnce = 1_000;

    /// <summary>
    /// Tells a preview what the store has. Without a schedule alone: how far that lets a trial go is not known
    /// before. A result that is gone on the way to the sweep is trained after all.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="preview">Its configurations.</param>
    /// <param name="fingerprint">The numerics of this machine.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task TellAsync(
        ISweepStore store,
        SweepPlan plan,
        SweepPreview preview,
        string fingerprint,
        CancellationToken cancellation = default)
    {
        var known = new HashSet<TrialId>();
        var begun = new Dictionary<TrialId, int>();
        var unread = 0;
        if (!plan.Reuse || plan.Schedule is not null || !preview.KnowsConfigurations)
            return;
        var courses = new CourseBook();
        var trials =
            from configuration in Enumerable.Range(0, preview.Configurations)
            from fold in Enumerable.Range(0, plan.TrialsPerConfiguration)
            let trial = new TrialId(configuration, fold)
            let request = plan.RequestOf(trial, preview.All[configuration])
            select (Trial: trial, Request: request, Course: courses.Of(plan, request, fingerprint));
        foreach (var some in trials.Where(item => item.Course is not null).Take(TrialsMax).Chunk(AtOnce))
        {
            var found = await store.Log.FindResultsAsync(
                [.. some.Select(item => Sought(item.Course!, item.Request)).Distinct()], cancellation);
            var read = found.Select(result => (Result: result, Event: EventOf(result))).ToList();
            unread += read.Count(item => item.Event is null);
            var stored = read.Where(item => item.Event is not null)
                .ToLookup(item => item.Result.Course, item => (item.Result, Event: item.Event!));
            foreach (var item in some)
            {
                if (stored[item.Course!].Any(one => Has(one.Result, one.Event, item.Request)))
                    known.Add(item.Trial);
                else if (await KeptAsync(store, stored[item.Course!], item.Request, cancellation) is > 0 and var epochs)
                    begun.Add(item.Trial, epochs);
            }
        }

        (preview.Known, preview.Begun, preview.Unread) = (known, begun, unread);
    }

    /// <summary>
    /// The event that holds a result; null: it cannot be read, since another version wrote it or it is damaged, so that
    /// the sweep will pass it over too.
    /// </summary>
    private static TrialEvent? EventOf(StoredResult result)
    {
        try
        {
            return SweepEventCodec.Decode(result.Event.Type, result.Event.Payload.Span) as TrialEvent;
        }
        catch (SweepsException)
        {
            return null;
        }
    }

    /// <summary>Epochs of the longest checkpoint that was kept on the way to what is wanted; 0: none.</summary>
    private static async Task<int> KeptAsync(
        ISweepStore store,
        IEnumerable<(StoredResult Result, TrialEvent Event)> stored,
        TrainingRequest request,
        CancellationToken cancellation)
    {
        foreach (var (result, @event) in stored.Where(one => one.Result.Epochs <= request.Hyperparameters.Epochs
            && TrainingCourse.LeavesStateFor(one.Result.Wanted, request))
            .OrderByDescending(one => one.Result.Epochs))
        {
            var of = @event.Trial;
            var name = new ArtifactKey(new(result.Sweep, of.Configuration, of.Fold), ArtifactKey.KeptCheckpoint);
            if ((await store.Artifacts.FindAsync(name, cancellation))?.Epoch == result.Epochs)
                return result.Epochs;
        }

        return 0;
    }

    private static SoughtResult Sought(string course, TrainingRequest request) =>
        new(course, TrainingCourse.WantedOf(request, classes: null));

    /// <summary>Whether the sweep will take it over: the same end, or all its epochs. Whether one ends early in fewer,
    /// only the epochs themselves would tell.</summary>
    private static bool Has(StoredResult stored, TrialEvent @event, TrainingRequest request) =>
        stored.Wanted == TrainingCourse.WantedOf(request, classes: null)
        || (CourseBook.ResultOf(@event) is { } result
            && EpochReading.MayTell(request with { Patience = null }, until: null, result));
}
