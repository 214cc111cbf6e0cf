using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Silo.Tests;

/// <summary>A silo's speed, by which its times are compared with others'.</summary>
public sealed class CalibrationTests
{
    /// <summary>
    /// What others take of the processor meanwhile changes the clock's seconds, and not the processor's.
    /// </summary>
    [Fact]
    public void Calibrate_OnABusyMachine_CountsTheProcessorsSeconds()
    {
        var trainer = new Waiting(new Trainer(new DataSets(DataFolders.FromEnvironment(null))));
        var alone = Numerics.Calibrate(trainer.Inner);

        var disturbed = Numerics.Calibrate(trainer);

        // Each training takes a tenth of a second longer than it computes: by the clock it would be 10 times slower.
        Assert.InRange(disturbed / alone, 0.4, 2.5);
    }

    [Fact]
    public void Offer_ASlowerRepetition_ChangesNothing()
    {
        var identity = new SiloIdentity("silo", new("numerics", speed: 4) { IsCalibrated = true });

        identity.Offer(3);
        Assert.Equal(4, identity.Speed);
        identity.Offer(5);
        Assert.Equal(5, identity.Speed);
    }

    private sealed class Waiting(ITrainer inner) : ITrainer
    {
        public ITrainer Inner => inner;

        public Task PrepareAsync(PlannedData data, KeptFileReader kept, CancellationToken cancellation) =>
            inner.PrepareAsync(data, kept, cancellation);

        public TrainingResult Train(
            TrainingRequest request, ITrainingObserver observer, ReadOnlyMemory<byte>? checkpoint,
            CancellationToken cancellation)
        {
            var result = inner.Train(request, observer, checkpoint, cancellation);
            return result with
            {
                TrainSeconds = result.TrainSeconds + 0.1,
                Epochs = [.. result.Epochs.Select(epoch => epoch with { TrainSeconds = epoch.TrainSeconds + 0.1 })],
            };
        }
    }
}
