namespace Sweeps.EndToEnd.Tests.Faults;

[CollectionDefinition("faults")]
public sealed class FaultCollection : ICollectionFixture<FaultServer>;
