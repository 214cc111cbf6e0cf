using System.Runtime.InteropServices;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Run;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>What a run leaves behind when it cannot go on.</summary>
public sealed class SweepRunnerTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>The silo trains a stored sweep from its start on: what it has in hand is not lost with it.</summary>
    [Fact]
    public async Task RunAsync_DataThatCannotBeKept_HandsBackWhatTheSiloHas()
    {
        Assert.Equal(0, (await _place.RunAsync("submit", _place.SweepFile)).Code);
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        var view = await SweepView.OpenAsync(store, "tiny");
        var trainer = new WaitingTrainer();
        var settings = new SiloSettings { Name = "one", Slots = 1, Sweeps = ["tiny"] };
        await using var runner = new SweepRunner(store, trainer, new("numerics"), settings)
        {
            KeepData = async _ =>
            {
                await trainer.Began.Task.WaitAsync(TimeSpan.FromMinutes(5));
                throw new SweepsException(ErrorKind.Store, "the disk is full");
            },
        };
        using var interrupt = new Interrupt();
        using var display = ProgressDisplay.On(TextWriter.Null, isPlain: true);

        var error = await Assert.ThrowsAsync<SweepsException>(
            () => runner.RunAsync("tiny", view.State.Plan, display, interrupt));

        Assert.Equal("the disk is full", error.Message);
        await view.ReadAsync();
        Assert.Equal(1, view.State.AttemptsOf(new TrialId(0, 0)));
        Assert.Equal(0, view.State.Totals.Running);
        Assert.Equal(TrialStatus.Pending, view.State.StatusOf(new TrialId(0, 0)));
    }

    /// <summary>What is written to deleted files seems to succeed, and nobody would find it.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_StoreDeletedOrMovedMeanwhile_EndsAndSaysSo(bool isMoved)
    {
        // There an open file can be neither deleted nor moved.
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(0, (await _place.RunAsync("submit", _place.SweepFile)).Code);
        var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        var view = await SweepView.OpenAsync(store, "tiny");
        var trainer = new WaitingTrainer();
        var settings = new SiloSettings { Name = "one", Slots = 1, Sweeps = ["tiny"] };
        using var interrupt = new Interrupt();
        using var display = ProgressDisplay.On(TextWriter.Null, isPlain: true);
        var runner = new SweepRunner(store, trainer, new("numerics"), settings)
        {
            KeepData = _ => Task.CompletedTask,
        };
        var run = runner.RunAsync("tiny", view.State.Plan, display, interrupt);
        await trainer.Began.Task.WaitAsync(TimeSpan.FromMinutes(5));
        var other = Path.Combine(_place.Folder, "moved");
        Directory.Move(_place.Store, other);
        if (!isMoved)
            Directory.Delete(other, recursive: true);

        var error = await Assert.ThrowsAsync<SweepsException>(() => run.WaitAsync(TimeSpan.FromMinutes(5)));
        await runner.DisposeAsync();
        await store.DisposeAsync();

        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains("was deleted or moved", error.Message, StringComparison.Ordinal);
        Assert.Contains("sweeps resume tiny --store PLACE", error.Message, StringComparison.Ordinal);
        if (!isMoved)
            return;
        await using var moved = await StoreFactory.OpenAsync(StoreAddress.Parse(other));
        var again = (await SweepView.OpenAsync(moved, "tiny")).State;
        Assert.Equal((1, 0), (again.AttemptsOf(new TrialId(0, 0)), again.Totals.Running));
    }

    [Fact]
    public async Task RunAsync_InterruptedBeforeTheSubmission_SubmitsNothing()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(_place.Store));
        var settings = new SiloSettings { Name = "one", Slots = 1, Sweeps = ["tiny"] };
        await using var runner = new SweepRunner(store, new WaitingTrainer(), new("numerics"), settings)
        {
            KeepData = _ => Task.CompletedTask,
        };
        using var interrupt = new Interrupt();
        using var display = ProgressDisplay.On(TextWriter.Null, isPlain: true);
        await runner.StartSilo(display, interrupt);
        interrupt.Handle(new(PosixSignal.SIGINT));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => runner.RunAsync("tiny", plan: null, display, interrupt));

        Assert.Null(await store.Log.FindAsync("tiny"));
    }

    /// <summary>Trains until it is told to end.</summary>
    private sealed class WaitingTrainer : ITrainer
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TrainingResult Train(
            TrainingRequest request,
            ITrainingObserver observer,
            ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
        {
            Began.TrySetResult();
            cancellation.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancellation);
        }
    }
}
