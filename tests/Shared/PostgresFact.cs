namespace Sweeps.Tests.Shared;

/// <summary>A test that needs a PostgreSQL server; skipped by name where none can be started.</summary>
public sealed class PostgresFact : FactAttribute
{
    public PostgresFact() => Skip = PostgresServer.SkipReason;
}

/// <summary>A <see cref="PostgresFact"/> for several values.</summary>
public sealed class PostgresTheory : TheoryAttribute
{
    public PostgresTheory() => Skip = PostgresServer.SkipReason;
}
