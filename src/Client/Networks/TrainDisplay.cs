using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Networks;

/// <summary>Shows a training as it goes: a bar that is redrawn on a terminal, and a line an epoch.</summary>
/// <param name="request">What is trained.</param>
/// <param name="task">What the data ask for.</param>
/// <param name="lines">Where epochs' lines go; null: nowhere.</param>
/// <param name="bar">Where the bar is redrawn; null: nowhere.</param>
/// <param name="time">Measures speed and time left.</param>
internal sealed class TrainDisplay(
    TrainingRequest request, TaskKind task, TextWriter? lines, TextWriter? bar, TimeProvider time) : ITrainingObserver
{
    private const int BarWidth = 30;

    private readonly int _epochs = request.Hyperparameters.Epochs;
    private long _started;
    private int _running;
    private double _secondsPerSample;

    /// <summary>Set to end the training with what was reached.</summary>
    public volatile bool Interrupted;

    /// <inheritdoc />
    public int Threads { get; init; } = 1;

    /// <inheritdoc />
    public string? StopReason => Interrupted ? "interrupted" : null;

    /// <inheritdoc />
    public void BatchesDone(int epoch, int samples, int total)
    {
        if (bar is null)
            return;
        if (_running != epoch)
            (_running, _started) = (epoch, time.GetTimestamp());
        else
            _secondsPerSample = time.GetElapsedTime(_started).TotalSeconds / Math.Max(1, samples);
        if (_secondsPerSample <= 0)
            return;
        var left = TimeSpan.FromSeconds(_secondsPerSample * (((_epochs - epoch + 1L) * total) - samples));
        var drawn = ProgressBar.Text((double)samples / total, BarWidth);
        bar.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\repoch {epoch}/{_epochs} {drawn} {1 / _secondsPerSample:N0} images/s, "
                + $"{Figures.Wait(left)} left\u001b[K"));
        bar.Flush();
    }

    /// <inheritdoc />
    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
    {
        ClearBar();
        lines?.WriteLine(Line(report));
        return Interrupted ? "interrupted" : null;
    }

    /// <summary>Removes the bar.</summary>
    public void ClearBar()
    {
        bar?.Write("\r\u001b[K");
        bar?.Flush();
        _running = 0;
    }

    private string Line(EpochReport report)
    {
        var metric = task.Quality();
        var held = double.IsNaN(report.ValidationLoss)
            ? ""
            : $"   validation loss {Figures.Metric(report.ValidationLoss)} "
                + $"{metric} {Figures.Metric(report.ValidationMetric)}";
        var learned = $"loss {Figures.Metric(report.TrainLoss)} {metric} {Figures.Metric(report.TrainMetric)}";
        var time = string.Create(
            CultureInfo.InvariantCulture, $"{report.TrainSeconds:0.00} s, {report.ImagesPerSecond:N0} images/s");
        return $"epoch {report.Epoch}/{_epochs}   {learned}{held}   {time}";
    }
}
