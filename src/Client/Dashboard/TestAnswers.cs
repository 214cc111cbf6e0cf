using Sweeps.Client.Report;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// What the models of ended sweeps say of their test sets, for the pages: worked out when somebody looks, one at a time
/// and as far as it takes no more than a minute; the last few are kept.
/// </summary>
/// <param name="sets">Where the data are; what travels with a sweep comes out of the store.</param>
/// <param name="waits">Beside a silo: nothing is worked out while one of this machine trains, whose times it would
/// spoil.</param>
internal sealed class TestAnswers(DataSets sets, bool waits) : IDisposable
{
    private const int KeptMost = 4;
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly List<(string Key, ModelPart Part)> _kept = [];

    /// <summary>The model's part of a report with the test set in it, or why that cannot be had.</summary>
    /// <param name="follower">Of the sweep's store.</param>
    /// <param name="plan">The sweep, which has ended.</param>
    /// <param name="model">Its refit's.</param>
    /// <param name="part">The part without the test set.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    public async Task<(ModelPart Part, string? Problem)> OfAsync(
        StoreFollower follower, SweepPlan plan, SavedModel model, ModelPart part, CancellationToken cancellation)
    {
        // A sweep of the same id may take the place of a deleted one.
        var key = $"{plan.Id} {plan.Seed} {plan.Specification.GetHashCode(StringComparison.Ordinal)}";
        await _one.WaitAsync(cancellation);
        try
        {
            if (_kept.Find(kept => kept.Key == key).Part is { } known)
                return (known, null);
            if (waits && IsTrained(follower))
                return (part, "they are not worked out while this machine trains. Load this page again when it does "
                    + $"not, or see 'sweeps ui' or 'sweeps report {plan.Id}'.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(s_most);
            try
            {
                var data = await ReportCommand.LoadAsync(follower.Store, sets, plan, limit.Token);
                var full = await Task.Run(() => part.On(model, data, limit.Token), limit.Token);
                if (_kept.Count >= KeptMost)
                    _kept.RemoveAt(0);
                _kept.Add((key, full));
                return (full, null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return (part, $"that takes more than {s_most.TotalSeconds:0} s; 'sweeps report {plan.Id}' has them.");
            }
            catch (SweepsException error)
            {
                return (part, error.Message);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private static bool IsTrained(StoreFollower follower) => (follower.Silos ?? []).Any(silo =>
        silo.IsAlive && silo.Row.Host == Environment.MachineName && silo.Training.Count > 0);

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();
}
