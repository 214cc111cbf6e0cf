namespace Sweeps.Core.Sweeps;

/// <summary>Names one process that trains. A restarted silo keeps its name and gets another incarnation.</summary>
/// <param name="Name">For people: a host's name, a pod.</param>
/// <param name="Incarnation">Unique to one process start; leases, attempts and losses go by it.</param>
public readonly record struct SiloId(string Name, string Incarnation)
{
    /// <summary><c>name@incarnation</c>.</summary>
    public override string ToString() => $"{Name}@{Incarnation}";
}
