using System.ComponentModel;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Sweeps.Store.Tests.Conformance;

/// <summary>A promise of every store; skipped by name on a store that cannot be had here.</summary>
[XunitTestCaseDiscoverer("Sweeps.Store.Tests.Conformance.StoreFactDiscoverer", "Sweeps.Store.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoreTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), testMethod);
}

/// <summary>A promise of every store for several values; see <see cref="StoreFactAttribute"/>.</summary>
[XunitTestCaseDiscoverer("Sweeps.Store.Tests.Conformance.StoreTheoryDiscoverer", "Sweeps.Store.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo theoryAttribute,
        object[] dataRow) =>
        [new StoreTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), testMethod, dataRow)];
}

/// <summary>A test case that asks its class which store it needs.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit's deserialisation.")]
    public StoreTestCase()
    {
    }

    public StoreTestCase(IMessageSink sink, TestMethodDisplay display, ITestMethod method, object[]? arguments = null)
        : base(sink, display, TestMethodDisplayOptions.None, method, arguments)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.Name.Contains("Postgres", StringComparison.Ordinal)
            ? PostgresServer.SkipReason
            : base.GetSkipReason(factAttribute);
}
