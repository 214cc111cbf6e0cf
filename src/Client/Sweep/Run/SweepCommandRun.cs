using System.CommandLine;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Networks;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.TensorBoard;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Silo.Telemetry;
using Sweeps.Store.Contract;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Run;

/// <summary>
/// Runs a sweep until it ends or is interrupted and prints the report: shared by 'run' and 'resume'.
/// </summary>
internal sealed class SweepCommandRun(
    ParseResult parsed, RunOptions options, ISweepStore store, Trainer trainer, DataSets sets)
{
    // Enough for a prediction, and short enough not to delay the sweep.
    private const int BatchSizesTimed = 2;
    private static readonly TimeSpan s_stepsTimed = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan s_timingLimit = TimeSpan.FromSeconds(1);

    /// <summary>The command that resumes the sweep.</summary>
    public required string Again { get; init; }

    /// <summary>What was noted on the sweep's file; null: no file was read.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>What <see cref="Numerics.BeginNative"/> began; null: nothing.</summary>
    public Task<string>? Native { get; init; }

    /// <summary>Whether failed trials are retried.</summary>
    public bool RetriesFailed { get; init; }

    /// <summary>Answers signals until the sweep is begun.</summary>
    public EarlyInterrupt? Early { get; init; }

    /// <summary>Where the time goes; printed with --verbose.</summary>
    public PhaseClock Phases { get; init; } = new();

    private TextWriter Error => parsed.InvocationConfiguration.Error;

    private bool IsJson => parsed.GetValue(options.Json);

    /// <summary>Starts or resumes a sweep, follows it to its end and returns the exit code.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="plan">Its plan; null: a submitted sweep is resumed.</param>
    public async Task<int> FollowAsync(string id, SweepPlan? plan)
    {
        var history = new TrialHistory();
        var stored = new SweepView(store, id) { History = history };
        await stored.ReadAsync();
        var isStored = stored.State.Sequence > 0;
        // As many slots as the file says now: they are no part of the sweep.
        var asked = plan?.ReadSpecification();
        if (isStored && plan is not null)
            plan = await SameAsync(stored.State.Plan, plan);

        var known = isStored ? stored.State.Plan : plan!;
        var settings = await SettingsAsync(id, asked ?? known.ReadSpecification());
        if (stored.State.IsOver)
        {
            Early?.Dispose();
            if (Board(id) is { } board)
                await board.WriteAsync();
            return await AnswerAsync(stored.State, history, interrupted: false);
        }

        foreach (var note in await OtherWork.NotesAsync(store, id, settings.Slots))
            await Error.WriteLineAsync($"note: {note}");
        if (known.Content is null)
            await Error.WriteLineAsync(
                $"note: the digest of the data was not known when this sweep was submitted: whether {known.Data} is "
                + "the same as then is not checked");
        await using var pages = parsed.GetValue(options.Ui) ? await RunPages.StartAsync(store, id, sets, Error) : null;
        using var exporters = Exporters.Start(settings.Name);
        // Until the silo has left: a second Ctrl-C must not leave it behind as one that is lost.
        using var interrupt = new Interrupt();
        Early?.Dispose();
        SweepState state;
        SweepRunner runner;
        bool interrupted;
        try
        {
            (state, runner, interrupted) = await TrainAsync(known, plan, isStored, settings, interrupt);
        }
        catch (OperationCanceledException) when (interrupt.InOrder.IsCancellationRequested)
        {
            return await NotBegunAsync(stored);
        }

        // The silo ends while its sweep is reported.
        var end = Task.Run(async () => await runner.DisposeAsync());
        int exit;
        try
        {
            // Only a sweep that this process both began and ended has a duration to compare.
            if (!isStored && state.Completion is not null && Kept(state) is { } kept)
                (kept with { WallSeconds = (state.LastAt - state.SubmittedAt).TotalSeconds }).Write(FolderOf(id));
            exit = await AnswerAsync(state, runner.History, interrupted, runner.OthersTrain);
        }
        finally
        {
            await end;
        }

        Phases.End("report, end of the silo");
        if (parsed.GetValue<bool>(CommandLine.Verbose))
            Phases.Write(Error);
        return exit;
    }

    /// <summary>The last word of a run that was interrupted before its silo had anything to train.</summary>
    private async Task<int> NotBegunAsync(SweepView stored)
    {
        await stored.ReadAsync();
        if (stored.State.Sequence > 0)
        {
            var others = new ClusterActivities(store, stored.Id, own: null);
            await others.RefreshAsync();
            return await AnswerAsync(
                stored.State, stored.History!, interrupted: true, others.OthersTrain(stored.State));
        }

        await Error.WriteLineAsync(EarlyInterrupt.Word);
        return Interrupt.ExitCode;
    }

    /// <param name="known">The plan, as it is stored or will be.</param>
    /// <param name="plan">What is submitted; null: a stored sweep is resumed.</param>
    /// <param name="isStored">Whether the store has the sweep.</param>
    /// <param name="settings">Of the silo.</param>
    /// <param name="interrupt">The user's signals.</param>
    /// <returns>The runner is the caller's to end.</returns>
    private async Task<(SweepState State, SweepRunner Runner, bool Interrupted)> TrainAsync(
        SweepPlan known, SweepPlan? plan, bool isStored, SiloSettings settings, Interrupt interrupt)
    {
        using var display = ProgressDisplay.On(Error, IsJson);
        display.Begin($"{known.Id}: loading {known.Data} and measuring this machine");
        var files = new SweepFiles(store, known.Id);
        OwnCode.Allow(parsed, sets, known);
        var numerics = Numerics.Measure(trainer, calibrates: store.IsShared, Native);
        var runner = new SweepRunner(store, trainer, numerics, settings)
        {
            Phases = Phases,
            RetriesFailed = RetriesFailed,
            KeepData = begun => files.KeepAsync(begun, sets.BytesOf),
        };
        try
        {
            if (!isStored)
                StartSilo(runner, known, display, interrupt);
            // The data first: missing or changed data are then one error, before anything is trained.
            await sets.PrepareAsync(known.DataNeeded(), files.ReadAsync, interrupt.InOrder);
            Phases.End("data");
            var fingerprint = numerics.Of(known.Numerics);
            Phases.End("numerics of this machine");
            if (!isStored)
            {
                // What it compiles is compiled while the silo starts; what it times has the machine to itself.
                var prepared = Task.Run(() => ForecastAsync(known, fingerprint, interrupt.InOrder));
                await Task.WhenAll(runner.StartSilo(display, interrupt), prepared);
                interrupt.InOrder.ThrowIfCancellationRequested();
                if (await prepared is { } forecast)
                    Predict(known, settings.Slots, forecast);
                Phases.End("prediction");
            }

            await using (LiveBoard.Start(Board(known.Id), display.Note))
            {
                var state = await runner.RunAsync(known.Id, plan, display, interrupt);
                return (state, runner, interrupt.InOrder.IsCancellationRequested);
            }
        }
        catch
        {
            await runner.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The silo has nothing to train yet: it starts beside the rest, and what the first event needs is compiled.
    /// </summary>
    private static void StartSilo(
        SweepRunner runner, SweepPlan plan, IProgressDisplay display, Interrupt interrupt)
    {
        _ = runner.StartSilo(display, interrupt);
        _ = Task.Run(() =>
        {
            var first = SweepEventCodec.Encode(new SweepSubmitted(plan));
            SweepEventCodec.Decode(first.Type, first.Payload.Span);
        });
    }

    /// <summary>The stored plan, with notes on what the file says otherwise and what has no effect now.</summary>
    private async Task<SweepPlan> SameAsync(SweepPlan stored, SweepPlan plan)
    {
        // Another sweep under the same name is an error; notes on this one would be in its way.
        var same = SweepSubmission.Same(stored, plan);
        if (plan.Reuse != stored.Reuse)
            await Error.WriteLineAsync(
                $"note: results of other sweeps are {(plan.Reuse ? "not " : "")}taken over, as when this sweep "
                + "began; to change that start a new one with --fresh");
        if (plan.KeepCheckpoints != stored.KeepCheckpoints)
            await Error.WriteLineAsync(
                $"note: the last checkpoints of its trials are {(plan.KeepCheckpoints ? "not " : "")}kept, as when "
                + "this sweep began; to change that start a new one with --fresh");
        if (plan.ReadSpecification().Description is { } text && text != same.ReadSpecification().Description)
            await Error.WriteLineAsync(
                "note: the description stays as when this sweep began; to change it start a new one with --fresh");
        return same;
    }

    private BoardFolder? Board(string id) =>
        parsed.GetValue(options.TensorBoard) is { } folder ? new(store, id, folder) : null;

    private string FolderOf(string id) =>
        parsed.GetValue(options.Output) ?? ResultFiles.FolderOf(store.Address, id);

    private KeptPrediction? Kept(SweepState state) => KeptPrediction.Read(FolderOf(state.Plan.Id), state.Plan);

    /// <returns>Null: a network cannot be trained. It fails as a trial, with its reason; the others are trained.
    /// </returns>
    private async Task<SweepForecast?> ForecastAsync(SweepPlan plan, string fingerprint, CancellationToken stop)
    {
        try
        {
            var forecast = new SweepForecast(plan.ReadSpecification(), plan, sets);
            await KnownInStore.TellAsync(store, plan, forecast.Preview, fingerprint, stop);
            stop.ThrowIfCancellationRequested();
            forecast.WarmUp(s_stepsTimed, BatchSizesTimed, s_timingLimit);
            return forecast;
        }
        catch (TrainingException)
        {
            return null;
        }
    }

    private void Predict(SweepPlan plan, int slots, SweepForecast forecast)
    {
        try
        {
            var times = forecast.Measure(slots, s_stepsTimed, BatchSizesTimed, s_timingLimit);
            KeptPrediction.Of(plan, forecast.Preview.Predict(times, slots)).Write(FolderOf(plan.Id));
        }
        catch (TrainingException)
        {
            // As above: of a network that was not warmed up.
        }
    }

    private Task<int> AnswerAsync(
        SweepState state, TrialHistory history, bool interrupted, bool othersTrain = false) =>
        new SweepAnswer(parsed, store, FolderOf(state.Plan.Id))
        {
            Again = Again,
            OthersTrain = othersTrain,
            History = history,
            IsJson = IsJson,
            Notes = Notes,
            Sets = sets,
        }.WriteAsync(state, interrupted);

    private async Task<SiloSettings> SettingsAsync(string id, SweepSpecification specification)
    {
        var slots = options.SlotsOf(parsed, specification);
        return new()
        {
            Name = await SiloNames.FreeAsync(store, Environment.MachineName),
            Slots = slots,
            // What else the store holds is for those who started it, and for 'sweeps silo'.
            Sweeps = [id],
            LogFolder = StoreOption.LogFolderOf(store.Address),
        };
    }
}
