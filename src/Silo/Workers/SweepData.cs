using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Workers;

/// <summary>
/// The data of the open sweeps on this silo: found, fetched and compared before the first claim, beside the worker's
/// loop, and with them the folder of artifacts that silos share; and the numerics of the engines that the sweep needs.
/// While that lasts, and where it fails, the silo takes no trial of the sweep.
/// </summary>
internal sealed partial class SweepData(
    ITrainer trainer,
    ISweepStore store,
    SiloIdentity identity,
    Outbox outbox,
    SiloSettings settings,
    TimeProvider time,
    ILogger<SweepData> logger)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Check> _checks = [];

    /// <summary>Whether it is known if the silo can train for a sweep.</summary>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="problem">Why it cannot; null: it can.</param>
    public bool IsDecided(string sweep, out string? problem)
    {
        if (!_checks.TryGetValue(sweep, out var check))
            _checks.Add(sweep, check = new(time.GetTimestamp()));
        if (check.Running is { IsCompleted: true } ended)
            Conclude(check, ended.Result);
        if (check.Running is null && !check.IsReady && IsDue(check))
            check.Running = Task.Run(() => PrepareAsync(sweep, check));
        problem = check.Problem;
        return check.IsReady || problem is not null;
    }

    /// <summary>This silo's numerics as a sweep compares them; null: not measured yet.</summary>
    public string? FingerprintFor(string sweep) => _checks.GetValueOrDefault(sweep)?.Fingerprint;

    /// <summary>Forgets all sweeps but these.</summary>
    public void Keep(ICollection<string> sweeps)
    {
        foreach (var gone in _checks.Where(pair => pair.Value.Running is null && !sweeps.Contains(pair.Key)).ToList())
            _checks.Remove(gone.Key);
    }

    private bool IsDue(Check check) => check.EndedAt is not { } ended || time.GetElapsedTime(ended) >= AgainAfter;

    private void Conclude(Check check, string? problem)
    {
        (check.Running, check.EndedAt, check.IsReady) = (null, time.GetTimestamp(), problem is null);
        check.Problem = problem is null || time.GetElapsedTime(check.Since) < settings.DataPatience ? null : problem;
    }

    private async Task<string?> PrepareAsync(string sweep, Check check)
    {
        try
        {
            await store.Artifacts.CheckAsync();
            var first = await store.Log.ReadAsync(sweep, 0, limit: 1);
            if (first is [var item] && SweepEventCodec.Decode(item.Type, item.Payload.Span) is SweepSubmitted submitted)
            {
                await trainer.PrepareAsync(
                    submitted.Plan.DataNeeded(), new SweepFiles(store, sweep).ReadAsync, CancellationToken.None);
                check.Fingerprint = identity.FingerprintFor(submitted.Plan.Numerics);
            }

            return null;
        }
        catch (SweepsException error)
        {
            return error.Message;
        }
        catch (Exception error) // One sweep's data never end the silo.
        {
            LogFailed(error, sweep);
            return $"its data could not be read: {error.Message}";
        }
        finally
        {
            // The worker sleeps until there is news.
            outbox.Nudge();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data of sweep {Sweep} could not be read")]
    private partial void LogFailed(Exception error, string sweep);

    private sealed class Check(long since)
    {
        public string? Fingerprint { get; set; }

        public long Since { get; } = since;

        public Task<string?>? Running { get; set; }

        public long? EndedAt { get; set; }

        public bool IsReady { get; set; }

        public string? Problem { get; set; }
    }
}
