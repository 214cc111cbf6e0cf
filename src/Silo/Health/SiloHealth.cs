using System.Text.Json;
using System.Text.Json.Nodes;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Health;

/// <summary>How a silo is, for probes and for people.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Incarnation">This start of its process.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Fingerprint">Its numerics fingerprint.</param>
/// <param name="Speed">Its speed relative to the reference.</param>
/// <param name="State"><c>joining</c>, <c>active</c> or <c>draining</c>.</param>
/// <param name="IsLive">Its loops run: false is cured by a restart alone.</param>
/// <param name="IsReady">
/// It takes work: it has joined, the store takes signs of life and reports, and it does not drain.
/// </param>
/// <param name="Reason">Why it is not ready, or not live; otherwise null.</param>
/// <param name="HeartbeatAge">Seconds since the store last took a sign of life.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Training">What they train.</param>
public sealed record SiloHealth(
    string Silo,
    string Incarnation,
    string Version,
    string Fingerprint,
    double Speed,
    string State,
    bool IsLive,
    bool IsReady,
    string? Reason,
    double HeartbeatAge,
    int Slots,
    IReadOnlyList<TrialActivity> Training)
{
    /// <summary>As one JSON object, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SiloJsonContext.Default.SiloHealth);

    /// <summary>The same, without the names of what it trains.</summary>
    public string ToJsonWithoutNames()
    {
        var json = JsonNode.Parse(ToJson())!.AsObject();
        foreach (var activity in json["training"]!.AsArray())
        {
            activity!.AsObject().Remove("key");
            activity.AsObject().Remove("label");
        }

        return json.ToJsonString();
    }

    /// <summary>Of one that is not in its cluster, or not any more: it lives, and takes no work.</summary>
    public static SiloHealth Joining(SiloSettings settings, SiloStart start)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(start);
        return new(
            settings.Name, string.Empty, ProgramVersion.Text, string.Empty, 0, "joining", IsLive: true, IsReady: false,
            $"joining: {start.Phase}", 0, settings.Slots, []);
    }

    internal static SiloHealth Of(
        SiloSettings settings, SlotPool slots, Heartbeats heartbeats, StoreWatch watch, Worker worker)
    {
        var age = heartbeats.Age;
        var isLive = worker.IsAtWork && heartbeats.ExecuteTask is not { IsCompleted: true };
        var reason = (isLive, heartbeats.IsDraining) switch
        {
            (false, _) => "its loops have ended",
            (_, true) => "it drains: no more work is taken",
            _ when watch.Trouble is { } trouble =>
                $"{trouble.What} for {StoreNotice.Lasted(trouble.Lasts)}: {trouble.Why}",
            _ when heartbeats.IsLost => "the other silos declared it lost: it enters anew",
            _ when age >= settings.Lease => FormattableString.Invariant(
                $"no heartbeat reached the store for {age.TotalSeconds:0.0} s")
                + FormattableString.Invariant($"; the lease is {settings.Lease.TotalSeconds:0.#} s"),
            _ => null,
        };
        return new(
            slots.Identity.Name, slots.Incarnation, ProgramVersion.Text, slots.Identity.Fingerprint,
            slots.Identity.Speed, heartbeats.IsDraining ? "draining" : "active", isLive, isLive && reason is null,
            reason, age.TotalSeconds, slots.Slots, slots.Activities());
    }
}
