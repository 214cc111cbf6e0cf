using System.ComponentModel;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Sweeps.Storage.Tests;

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
