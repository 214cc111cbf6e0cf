using System.Globalization;

namespace Orleans;

/// <summary>How long activations of this class may be idle before the collector ends them; at least a minute.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

    private readonly TimeSpan? inactivity;

    public CollectionAgeLimitAttribute()
    {
    }

    public CollectionAgeLimitAttribute(string inactivityPeriod)
    {
        inactivity = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);
    }

    public double Days { get; set; }

    public double Hours { get; set; }

    public double Minutes { get; set; }

    public bool AlwaysActive { get; set; }

    public TimeSpan AgeLimit => inactivity ?? (AlwaysActive ? TimeSpan.FromDays(short.MaxValue) : Stated());

    private TimeSpan Stated()
    {
        var age = TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
        return age < MinAgeLimit ? MinAgeLimit : age;
    }
}
