using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Tests.Workers;

/// <summary>A trial that cannot be started neither hangs nor starts in the books alone.</summary>
public sealed class TrialStartsTests
{
    private static readonly AttemptKey Key = WorkInHandTests.Key("sweep", 0);
    private readonly Outbox _outbox = new();
    private readonly Grain _grain = new();

    [Fact]
    public async Task Start_GrainThatFailsAtFirst_IsCalledUntilItStarts()
    {
        _grain.Failures = 2;

        await StartAsync();

        Assert.Equal(3, _grain.Calls);
        Assert.Empty(_outbox.Take());
    }

    [Fact]
    public async Task Start_GrainThatAlwaysFails_IsAFailedAttemptWithItsReason()
    {
        _grain.Failures = int.MaxValue;

        await StartAsync();

        var end = Assert.Single(_outbox.Take());
        Assert.Equal(
            (Key, AttemptEnding.Failed, (TrainingFailure?)TrainingFailure.Error), (end.Key, end.Ending, end.Failure));
        Assert.Contains("no room for the request", end.Reason);
    }

    [Fact]
    public async Task Start_StoreThatStaysAway_HandsTheTrialBack()
    {
        _grain.Failures = int.MaxValue;
        _grain.Error = new TimeoutException("no answer within 30 s");

        await StartAsync();

        var end = Assert.Single(_outbox.Take());
        Assert.Equal((Key, AttemptEnding.Released, (TrainingFailure?)null), (end.Key, end.Ending, end.Failure));
    }

    private Task StartAsync()
    {
        var factory = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)factory).Grain = _grain;
        var settings = new SiloSettings { Lease = TimeSpan.FromSeconds(1) };
        var starts = new TrialStarts(
            factory, _outbox, settings, TimeProvider.System, NullLogger<TrialStarts>.Instance);
        return starts.StartAsync(WorkInHandTests.Assignment(Key));
    }

    /// <summary>A factory of one grain.</summary>
    public class Factory : DispatchProxy
    {
        internal ITrialGrain? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
    }

    private sealed class Grain : ITrialGrain
    {
        public int Failures { get; set; }

        public int Calls { get; private set; }

        public Exception Error { get; set; } = new InvalidOperationException("no room for the request");

        public Task Start(TrialAssignment assignment) => ++Calls <= Failures
            ? Task.FromException(Error)
            : Task.CompletedTask;

        public Task EpochCompleted(EpochCompletion completion) => Task.CompletedTask;

        public Task Ended(AttemptEnd end) => Task.CompletedTask;
    }
}
