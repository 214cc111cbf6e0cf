using Xunit.Sdk;

namespace Sweeps.Storage.Tests;

/// <summary>A promise of every store for several values; see <see cref="StoreFactAttribute"/>.</summary>
[XunitTestCaseDiscoverer("Sweeps.Storage.Tests.StoreTheoryDiscoverer", "Sweeps.Storage.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;
