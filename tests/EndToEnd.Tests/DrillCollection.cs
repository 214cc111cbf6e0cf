using Sweeps.EndToEnd.Tests.Faults;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Drills have a server of their own: they mostly wait, and so do the fault tests.</summary>
[CollectionDefinition("drills")]
public sealed class DrillCollection : ICollectionFixture<FaultServer>;
