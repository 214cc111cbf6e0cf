using Microsoft.Extensions.Hosting;
using Sweeps.Core.Trainings;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Goes on with the calibration of a silo that shares sweeps with others, for its first minute, a few milliseconds at a
/// time: the best of a tenth of a second is off by half where the machine, or its host, was busy just then.
/// </summary>
internal sealed class SpeedWatch(ITrainer trainer, SiloIdentity identity, TimeProvider time) : BackgroundService
{
    // The first make the code fast, as it is in a training that lasts.
    private const int QuickTimes = 12;
    private const int Times = 40;
    private static readonly TimeSpan QuickInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var run = 0; run < Times && identity.IsCalibrated; run++)
        {
            await Task.Delay(run < QuickTimes ? QuickInterval : Interval, time, stoppingToken);
            try
            {
                identity.Offer(Numerics.CalibrateOnce(trainer, stoppingToken));
            }
            catch (TrainingException)
            {
                return; // The speed that it began with stands.
            }
        }
    }
}
