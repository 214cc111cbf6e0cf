namespace Orleans.Runtime;

/// <summary>A timer of an activation. Disposing it stops it and cancels the token of a tick that runs.</summary>
public interface IGrainTimer : IDisposable
{
    void Change(TimeSpan dueTime, TimeSpan period);
}
