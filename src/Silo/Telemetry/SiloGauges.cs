using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Sweeps.Grains.Coordination;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Workers;
using Sweeps.Store;

namespace Sweeps.Silo.Telemetry;

/// <summary>
/// What a silo is at this moment, read when somebody asks: slots, what waits for one, trials, the lease.
/// </summary>
internal sealed class SiloGauges(
    SlotPool slots, Heartbeats heartbeats, StoreWatch watch, TrialCounts trials, SiloSettings settings)
    : IHostedService, IDisposable
{
    private readonly Meter _meter = new(SweepsTelemetry.Name);

    /// <summary>From now on, while this incarnation is in.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Gauge("sweeps.slots", () => slots.Slots, "{slot}", "Trials trained side by side at most.");
        Gauge("sweeps.slots.busy", () => slots.Busy, "{slot}", "Slots that train.");
        Gauge("sweeps.slots.queue", () => slots.Waiting, "{trial}", "Trials here that wait for a slot.");
        Gauge("sweeps.lease.age", () => heartbeats.Age.TotalSeconds, "s", "Time since the store took a sign of life.");
        Gauge("sweeps.lease.length", () => settings.Lease.TotalSeconds, "s", "How long a sign of life holds.");
        Gauge("sweeps.store.away", () => watch.Trouble is null ? 0 : 1, "{store}", "1: the store takes no writes.");
        _meter.CreateObservableGauge(
            "sweeps.trials", trials.Read, "{trial}", "Trials of the open sweeps that this silo coordinates, by state.");
        // What has not been counted yet would not be there at all, and a dashboard could not tell none from unknown.
        SweepsTelemetry.LeasesLost.Add(0);
        SweepsTelemetry.AttemptsLost.Add(0);
        SweepsTelemetry.CheckpointsWritten.Add(0);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<double> read, string unit, string description) =>
        _meter.CreateObservableGauge(name, read, unit, description);
}
