namespace Sweeps.Storage;

/// <summary>Work done at once whose errors arrive where those of the other stores do: in the task.</summary>
internal static class MemoryTask
{
    public static Task<T> Run<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }
}
