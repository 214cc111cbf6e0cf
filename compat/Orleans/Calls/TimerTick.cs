namespace Orleans.Silo;

/// <summary>The tick of a grain timer, as a turn.</summary>
internal sealed class TimerTick(GrainTimer timer, bool interleaves, bool keepsAlive) : Request
{
    public override bool Interleaves => interleaves;

    public override bool IsReadOnly => false;

    public override bool KeepsAlive => keepsAlive;

    public override bool IsLocal => true;

    public override bool IsSettled => timer.IsDisposed;

    public override Task Start(object instance, Activation? activation) => timer.Tick();

    public override void Complete(Task outcome) => timer.Ticked(outcome);

    public override bool Fail(Exception failure) => true;
}
