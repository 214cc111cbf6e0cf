namespace Sweeps.Compat.Orleans.Tests.Grains;

public sealed class TimerGrain(Journal journal) : Grain, ITimerGrain
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(5);

    private IGrainTimer? timer;
    private int ticks;
    private int inside;
    private int most;

    public Task StartOnce()
    {
        timer = this.RegisterGrainTimer(Tick, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StartFast(bool interleave)
    {
        timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(Fast, Fast) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailing()
    {
        timer = this.RegisterGrainTimer(
            async cancellation =>
            {
                await Tick(cancellation);
                throw new InvalidOperationException("a tick that fails");
            },
            Fast,
            Fast);
        return Task.CompletedTask;
    }

    public Task StartWithState(string state)
    {
        timer = this.RegisterGrainTimer(
            (name, _) =>
            {
                journal.Signal("ticked " + name);
                return Task.CompletedTask;
            },
            state,
            new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public Task StartLateThenChange()
    {
        timer = this.RegisterGrainTimer(Tick, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task<int> TicksDuring(string name)
    {
        var before = ticks;
        journal.Signal("begun " + name);
        await journal.Signalled("go " + name);
        return ticks - before;
    }

    public Task<int> Ticks() => Task.FromResult(ticks);

    public Task<int> MostAtOnce() => Task.FromResult(most);

    private async Task Tick(CancellationToken cancellation)
    {
        most = Math.Max(most, ++inside);
        await Task.Yield();
        inside--;
        journal.Signal("tick " + ++ticks);
    }
}
