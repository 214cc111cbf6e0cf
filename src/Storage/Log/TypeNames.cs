using System.Text;

namespace Sweeps.Storage;

/// <summary>
/// One string per event type, not one per event: a log has a dozen types and may have a million events.
/// </summary>
internal sealed class TypeNames
{
    private readonly List<(byte[] Utf8, string Name)> _known = [];

    public string Intern(ReadOnlySpan<byte> utf8)
    {
        foreach (var (bytes, known) in _known)
        {
            if (utf8.SequenceEqual(bytes))
                return known;
        }

        var name = Encoding.UTF8.GetString(utf8);
        if (_known.Count < 64)
            _known.Add((utf8.ToArray(), name));
        return name;
    }
}
