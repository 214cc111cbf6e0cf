namespace Orleans.Runtime;

/// <summary>
/// Values that travel with calls: what a caller sets, the grains that it calls can read, and those that they call.
/// </summary>
public static class RequestContext
{
    // Replaced as a whole by every change, so a call can keep it without a copy.
    private static readonly AsyncLocal<Dictionary<string, object>?> Current = new();

    public static IEnumerable<string> Keys => Current.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => Current.Value ?? [];

    public static object? Get(string key) => Current.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value) =>
        Current.Value = new Dictionary<string, object>(Current.Value ?? []) { [key] = value };

    public static bool Remove(string key)
    {
        if (Current.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        Current.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    public static void Clear()
    {
        if (Current.Value is not null)
        {
            Current.Value = null;
        }
    }

    internal static Dictionary<string, object>? Snapshot() => Current.Value;

    internal static void Restore(Dictionary<string, object>? values)
    {
        if (values is not null || Current.Value is not null)
        {
            Current.Value = values;
        }
    }
}
