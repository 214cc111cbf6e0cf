using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Silo;
using Sweeps.Silo.Logging;
using Sweeps.Store;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Run;

/// <summary>Runs a sweep with a silo in this process until it ends, is paused or the user interrupts.</summary>
internal sealed class SweepRunner(ISweepStore store, ITrainer trainer, SiloNumerics numerics, SiloSettings settings)
    : IAsyncDisposable
{
    private static readonly TimeSpan GraceInOrder = TimeSpan.FromSeconds(60);

    private Task<SiloHost>? _silo;

    /// <summary>Whether failed trials are retried.</summary>
    public bool RetriesFailed { get; init; }

    /// <summary>Where the time goes.</summary>
    public PhaseClock Phases { get; init; } = new();

    /// <summary>The attempts of the sweep's trials, as far as they were read.</summary>
    public TrialHistory History { get; } = new();

    /// <summary>Whether other silos go on with the sweep after this one has left it.</summary>
    public bool OthersTrain { get; private set; }

    /// <summary>Keeps the sweep's own data in the store once it is submitted.</summary>
    public required Func<SweepPlan, Task> KeepData { get; init; }

    /// <summary>
    /// Starts the silo, beside what else there is to do: <see cref="RunAsync"/> waits for it. Of a sweep that the store
    /// has it trains from then on.
    /// </summary>
    public Task<SiloHost> StartSilo(IProgressDisplay display, Interrupt interrupt) =>
        _silo ??= Task.Run(async () =>
        {
            var silo = await SiloHost.StartAsync(
                store, trainer, numerics, SpecificationPlan.SearcherOf, settings, new(display.Note), interrupt.InOrder);
            Phases.End("start of the silo");
            return silo;
        });

    /// <summary>Starts or resumes a sweep, follows it and returns its last state.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="plan">Its plan; null: a submitted sweep is resumed.</param>
    /// <param name="display">Shows the progress.</param>
    /// <param name="interrupt">The user's signals.</param>
    /// <exception cref="OperationCanceledException">It was interrupted before it was begun.</exception>
    public async Task<SweepState> RunAsync(string id, SweepPlan? plan, IProgressDisplay display, Interrupt interrupt)
    {
        var (hasBegun, first) = (false, (DateTimeOffset?)null);
        var view = new SweepView(store, id)
        {
            History = History,
            Seen = @event => first ??= hasBegun && @event is TrialStarted ? @event.At : null,
        };
        await view.ReadAsync();
        if (view.State.IsOver && (plan is null || plan == view.State.Plan))
            return view.State;
        var silo = await StartSilo(display, interrupt);
        hasBegun = true;
        var activities = new ClusterActivities(store, id, silo);
        try
        {
            interrupt.InOrder.ThrowIfCancellationRequested();
            (await BeginAsync(silo.Sweep(id), plan)).ThrowIfNotDone();
            if (plan is not null)
                await KeepData(plan);
            Phases.End("submission");
            await new SweepFollower(store, view, activities, display).FollowAsync(interrupt.InOrder);
            if (first is { } started)
                Phases.End("wait for the first trial", started);
            Phases.End("training, to the last event", view.State.LastAt);
        }
        catch
        {
            // The silo claims trials of a stored sweep from its start on: without this they would count as lost.
            await HandBackAsync(silo);
            throw;
        }

        if (interrupt.InOrder.IsCancellationRequested)
            await DrainAsync(silo, display, interrupt.AtOnce);
        await view.ReadAsync();
        if (!view.State.IsOver)
        {
            await activities.RefreshAsync();
            OthersTrain = activities.OthersTrain(view.State);
        }

        return view.State;
    }

    /// <summary>Ends the silo.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_silo is null)
            return;
        // One that did not start has said so.
        await ((Task)_silo).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_silo.IsCompletedSuccessfully)
            await _silo.Result.DisposeAsync();
    }

    private async Task<Answer> BeginAsync(ISweepGrain sweep, SweepPlan? plan)
    {
        using var span = SweepsTelemetry.Source.StartActivity("submit")?.SetTag("sweeps.sweep", settings.Sweeps?[0]);
        if (span?.Id is { } trace)
            RequestContext.Set(SweepsTelemetry.TraceKey, trace);
        try
        {
            return plan is null ? await sweep.Resume(RetriesFailed) : await sweep.Submit(plan);
        }
        catch (Exception error) when (error is not SweepsException && Trouble.Of(error) is not null)
        {
            throw new SweepsException(
                ErrorKind.Store,
                $"The silo that coordinates the sweep did not take it: {Trouble.Of(error)}. "
                    + "Look at 'sweeps silos', and try again.",
                error);
        }
    }

    /// <summary>Hands back what the silo has in hand, as far as the store takes it: an error is on its way.</summary>
    private static async Task HandBackAsync(SiloHost silo)
    {
        try
        {
            await silo.DrainAsync(TimeSpan.Zero);
        }
        catch (Exception error) when (error is TimeoutException or SweepsException)
        {
            // The trials go on elsewhere when the lease has run out, as after any loss of a silo.
        }
    }

    private static async Task DrainAsync(SiloHost silo, IProgressDisplay display, CancellationToken atOnce)
    {
        display.Note("Stopping after the running epochs and saving checkpoints. Ctrl-C again stops immediately.");
        try
        {
            await silo.DrainAsync(GraceInOrder, atOnce);
        }
        catch (TimeoutException)
        {
            display.Note("The store did not take back the running trials: they go on from their last checkpoints.");
        }
    }
}
