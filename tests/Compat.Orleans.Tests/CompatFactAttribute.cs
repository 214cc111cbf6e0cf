namespace Sweeps.Compat.Orleans.Tests;

/// <summary>A test of what only the in-process runtime does.</summary>
public sealed class CompatFactAttribute : FactAttribute
{
    public CompatFactAttribute()
    {
        if (!IsCompat)
        {
            Skip = "Built with the Microsoft.Orleans packages: this is about compat/Orleans.";
        }
    }

    public static bool IsCompat => typeof(Grain).Assembly.GetName().Name == "Orleans";
}
