using Xunit.Sdk;

namespace Sweeps.Storage.Tests;

/// <summary>A promise of every store; skipped by name on a store that cannot be had here.</summary>
[XunitTestCaseDiscoverer("Sweeps.Storage.Tests.StoreFactDiscoverer", "Sweeps.Storage.Tests")]
public sealed class StoreFactAttribute : FactAttribute;
