using System.Globalization;

namespace Orleans;

/// <summary>How long the caller of a method waits, instead of the silo's default.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute : Attribute
{
    public ResponseTimeoutAttribute(string timeout)
    {
        Timeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
    }

    public TimeSpan? Timeout { get; init; }
}
