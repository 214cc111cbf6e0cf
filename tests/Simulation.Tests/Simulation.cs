using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A cluster in virtual time: the real decisions and the real store contract, and around them processes, messages,
/// clocks and a database that fail in every way the options allow. Everything follows from the seed, so a run that
/// fails can be run again.
/// </summary>
internal sealed class Simulation
{
    public const string Sweep = "simulated";

    private readonly List<SimulatedSilo> _silos = [];

    public Simulation(SimulationOptions options)
    {
        Options = options;
        Random = new(options.Seed);
        Database = new(Time, Random, options.AnswerLoss);
        Watcher = new(this);
        if (options.KnownShare > 0)
            EarlierSweep.Put(this);
        Submit();
        for (var index = 0; index < options.Silos; index++)
            _silos.Add(new(this, index));
    }

    public SimulationOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public Random Random { get; }

    public SimulatedDatabase Database { get; }

    public LogWatcher Watcher { get; }

    public long Steps { get; private set; }

    private IEnumerable<SimulatedSilo> Coordinators => _silos.Take(Options.Coordinators);

    public static SweepPlan Plan(SimulationOptions options) => new()
    {
        Id = Sweep,
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = options.Folds,
        HoldoutFraction = options.Folds == 0 ? 0.2 : 0,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = options.Configurations,
        Objectives = options.Objectives,
        Schedule = options.Schedule,
        Content = new() { Digest = new string('d', 64), IsPublished = true },
        Reuse = options.KnownShare > 0,
    };

    /// <param name="judge">Who passes a rung; null: the right ones.</param>
    public SweepDecider NewDecider(RungJudge? judge = null) =>
        new(
            Options.NewSearcher(Options.Bug == PlantedBug.LagOfTheProcess ? 1 + Random.Next(6) : null),
            new RetryPolicy { SilosBeforeSetAside = Options.SilosBeforeSetAside },
            judge);

    /// <summary>Runs to the end of the sweep and checks it.</summary>
    /// <exception cref="InvariantException">Something that must not be; the message begins with the seed.</exception>
    public void Run()
    {
        try
        {
            var digest = Undisturbed(Options);
            StartAll();
            while (!Watcher.State.IsOver && Time.Elapsed < Options.Limit && Time.Step())
            {
                Steps++;
                Watcher.Look();
            }

            Watcher.CheckEnd(digest);
        }
        catch (Exception exception)
            when (exception is InvariantException or SweepsException or InvalidOperationException)
        {
            throw new InvariantException(
                $"seed {Options.Seed}, step {Steps}, {Time.Elapsed}: {exception.Message}\n" +
                $"Replay with {Options}\n{exception.StackTrace}");
        }
    }

    /// <summary>The digest of the same sweep where nothing ever fails.</summary>
    public static string Undisturbed(SimulationOptions options) => Train(options, Sweep).State.Completion!.Digest;

    /// <summary>A sweep on one silo that never fails, and all that happened.</summary>
    public static (SweepState State, IReadOnlyList<SweepEvent> Events) Train(SimulationOptions options, string id)
    {
        var session = new SweepSession(new SweepState(), new SweepDecider(options.NewSearcher()));
        session.Apply(new SubmitSweep(Plan(options) with { Id = id }), default);
        var silo = new SiloId("alone", "alone");
        for (var number = 1L; !session.State.IsOver; number++)
        {
            var claim = new ClaimTrials(silo, number, 1, "numerics");
            foreach (var (attempt, _, _, until) in session.Apply(claim, default).Assignments)
                session.Apply(Report(attempt, FakeTrainer.Undisturbed(attempt.Trial, until)), default);
        }

        return (session.State, [.. session.Uncommitted]);
    }

    /// <summary>What an attempt reports that has trained as far as it was wanted.</summary>
    public static AttemptCommand Report(AttemptId attempt, TrialResult result) =>
        result.Outcome == TrainingOutcome.Stopped
            ? new ReachRung(attempt, result)
            : new CompleteTrial(attempt, result);

    /// <summary>
    /// A message to a coordinator and its answer; on the way each may be late, lost or doubled, unless both are one
    /// process.
    /// </summary>
    public void Ask(SimulatedSilo silo, SweepCommand command, Action<Decision> reply)
    {
        if (Options.Coordinators >= Options.Silos)
        {
            silo.Coordinator.Ask(command, reply);
            return;
        }

        var target = _silos[Random.Next(Options.Coordinators)];
        Send(silo.Process, target.Process, () => target.Coordinator.Ask(
            command, decision => Send(target.Process, silo.Process, () => reply(decision))));
    }

    public void Crash(SimulatedSilo silo)
    {
        if (!silo.Process.IsUp)
            return;
        silo.Kill();
        RestartLater(silo);
    }

    public void RestartLater(SimulatedSilo silo) =>
        Time.Schedule(Seconds(0.5, 20), () => silo.Start(Coordinators.Contains(silo)));

    public TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + Random.NextDouble() * (to - from));

    private void Send(SimulatedProcess from, SimulatedProcess to, Action action)
    {
        if (!from.IsUp || !to.IsUp || Random.NextDouble() < Options.MessageLoss)
            return;
        to.After(Delay(), action);
        if (Random.NextDouble() < Options.MessageLoss)
            to.After(Delay(), action);
    }

    private TimeSpan Delay() => Random.Next(50) == 0 ? Seconds(1, 20) : Seconds(0.001, 0.05);

    private void Submit()
    {
        var events = NewDecider().Decide(new SweepState(), new SubmitSweep(Plan(Options)), Time.GetUtcNow()).Events;
        var append = new SweepAppend(Sweep, 0, SimulatedCoordinator.Encode(events));
        SimulatedDatabase.Done(Database.Store.Log.AppendAsync(append));
    }

    private void StartAll()
    {
        foreach (var silo in _silos)
        {
            silo.Process.ClockSkew = Seconds(-300, 300);
            Time.Schedule(Seconds(0, 2), () => silo.Start(Coordinators.Contains(silo)));
        }

        foreach (var silo in Coordinators)
            Time.Schedule(Seconds(1, 3), () => Guard(silo));
        if (Options.FaultInterval > TimeSpan.Zero)
            Time.Schedule(Options.FaultInterval, Fault);
        for (var stop = 0; stop < Options.Stops; stop++)
            Time.Schedule(Seconds(0.5, 60), Stop);
    }

    /// <summary>Somebody stops a trial, by whichever coordinator is up; one that does not exist yet is not stopped.
    /// </summary>
    private void Stop()
    {
        var folds = Math.Max(1, Options.Folds);
        var trial = new TrialId(Random.Next(Options.Configurations), Random.Next(folds));
        var up = Coordinators.Where(silo => silo.Process.IsUp && silo.Coordinator.State is not null).ToList();
        if (up.Count > 0)
            up[Random.Next(up.Count)].Coordinator.Ask(new StopTrials([trial], "enough"), _ => { });
    }

    /// <summary>
    /// Every coordinator looks for lost silos, also those that another marked and died before it acted.
    /// </summary>
    private void Guard(SimulatedSilo silo)
    {
        Time.Schedule(Seconds(1, 3), () => Guard(silo));
        if (silo.Process.IsUp && !silo.Process.IsPaused && silo.Coordinator.State is not null)
            new LossDetector(this, silo).Look();
    }

    private void Fault()
    {
        if (Time.Elapsed > Options.FaultsUntil)
            return;
        var silo = _silos[Random.Next(_silos.Count)];
        switch (Random.Next(10))
        {
            case 0 or 1 or 2 or 3: Crash(silo); break;
            case 4 or 5 when silo.Process.IsUp: silo.Process.Pause(Seconds(1, 40)); break;
            case 6 when silo.Process.IsUp && !silo.Process.IsPaused: silo.Drain(); break;
            case 7: silo.Process.ClockSkew = Seconds(-3600, 3600); break;
            case 8: Outage(); break;
        }

        Time.Schedule(Seconds(0.1, 2 * Options.FaultInterval.TotalSeconds), Fault);
    }

    private void Outage()
    {
        var duration = Seconds(0.5, 15);
        Database.Outage(duration);
        var healed = Time.Elapsed + duration + TimeSpan.FromSeconds(2);
        foreach (var silo in _silos)
            silo.Process.LastDisturbed = Later(silo.Process.LastDisturbed, healed);
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
