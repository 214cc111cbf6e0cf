namespace Sweeps.Client.Tests;

/// <summary>One finished sweep for all tests that only look.</summary>
public sealed class FinishedSweep : IAsyncLifetime
{
    public Workplace Place { get; } = new();

    internal Workplace.Answer Answer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Answer = await Place.RunSweepAsync();
        Assert.True(Answer.Code == 0, Answer.Error);
    }

    public Task DisposeAsync()
    {
        Place.Dispose();
        return Task.CompletedTask;
    }
}
