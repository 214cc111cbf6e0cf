namespace Sweeps.Tests.Shared;

/// <summary>A <see cref="PostgresFact"/> for several values.</summary>
public sealed class PostgresTheory : TheoryAttribute
{
    public PostgresTheory() => Skip = PostgresServer.SkipReason;
}
