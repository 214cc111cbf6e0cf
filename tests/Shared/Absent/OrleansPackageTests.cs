namespace Sweeps.Tests.Absent;

/// <summary>Stands for the tests of compat/Orleans on the real packages where there are none.</summary>
public sealed class OrleansPackageTests
{
    [Fact(Skip = "the Microsoft.Orleans packages are not in use here (.build/registry.props)")]
    public void RealOrleans_AllTestsOfCompatOrleans()
    {
    }
}
