namespace Sweeps.Compat.Orleans.Tests.Grains;

public class BusyGrain(Journal journal) : Grain, IBusyGrain
{
    private int inside;
    private int most;
    private int total;

    public Task Work(string name) => Wait(name);

    public Task Interleave(string name) => Wait(name);

    public Task Read(string name) => Wait(name);

    public Task Forget(string name) => Wait(name);

    public ValueTask<int> Value(int value) => ValueTask.FromResult(value);

    public async Task<int> Add(int steps)
    {
        most = Math.Max(most, ++inside);
        for (var i = 0; i < steps; i++)
        {
            // Not atomic: only turns one after another and calls one after another make the sum right.
            var read = total;
            await Task.Yield();
            total = read + 1;
        }

        inside--;
        return total;
    }

    public Task<int> MostAtOnce() => Task.FromResult(most);

    public async Task<bool> StaysOnScheduler()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Delay(1);
        var afterDelay = TaskScheduler.Current;
        await Task.Run(() => { });
        return scheduler != TaskScheduler.Default && scheduler == afterDelay && scheduler == TaskScheduler.Current;
    }

    private async Task Wait(string name)
    {
        journal.Write("begin " + name);
        journal.Signal("begun " + name);
        await journal.Signalled("go " + name);
        journal.Write("end " + name);
    }
}
