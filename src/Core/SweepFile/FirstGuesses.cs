using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Reads <c>start_with</c>: each entry has to be a configuration of the space. Parameters that can only have one value
/// may be left out.
/// </summary>
internal sealed class FirstGuesses(SweepSpecification specification, ReadingContext context)
{
    private const int MostShown = 20;

    private readonly List<SearchedParameter> _parameters = ParameterOrder.Sort(specification.Parameters);

    /// <summary>The configurations, in the file's order; what is none is an error at its line.</summary>
    public ImmutableArray<ParameterAssignment> Read(ImmutableArray<MapValues> written)
    {
        var guesses = new List<ParameterAssignment>();
        for (var i = 0; i < written.Length; i++)
        {
            var path = Rule.Join(SweepRules.StartWith.Name, i);
            if (Read(written[i], path) is not { } guess)
                continue;
            if (guesses.IndexOf(guess) is >= 0 and var first)
            {
                context.Error(written[i].Node, path, string.Create(
                    CultureInfo.InvariantCulture, $"this is {SweepRules.StartWith.Name}[{first}] again; remove one"));
            }

            guesses.Add(guess);
        }

        return [.. guesses];
    }

    private ParameterAssignment? Read(MapValues written, string path)
    {
        var before = context.Errors.Count;
        foreach (var entry in written.Node.Entries.Where(e => !_parameters.Exists(p => p.Name == e.Key)))
        {
            context.Error(entry.Value, Rule.Join(path, entry.Key),
                $"'{entry.Key}' is not searched; allowed: {string.Join(", ", _parameters.Select(p => p.Name))}");
        }

        var chosen = new List<KeyValuePair<string, ParameterValue>>();
        foreach (var parameter in _parameters)
        {
            if (ValueOf(parameter, chosen, written, path) is { } value)
                chosen.Add(new(parameter.Name, value));
        }

        return context.Errors.Count == before ? new(chosen) : null;
    }

    private ParameterValue? ValueOf(
        SearchedParameter parameter, List<KeyValuePair<string, ParameterValue>> chosen, MapValues written, string path)
    {
        var key = written.KeyOf<ParameterValue>(parameter.Name);
        var isWritten = key is not null;
        var value = isWritten ? written.Get(key!) : default;
        var at = Rule.Join(path, parameter.Name);
        if (SpaceBlocks.DomainOf(parameter, chosen) is not { } domain)
        {
            if (isWritten)
            {
                context.Error(written.NodeOf(key!)!, at, $"there is no {parameter.Name} beside "
                    + $"{string.Join(", ", chosen.Select(c => $"{c.Key} {c.Value}"))}; remove it");
            }

            return null;
        }

        if (!isWritten)
        {
            if (domain.Enumerate(1) is [var only])
                return only.Value;
            if (written.Node.ValueOf(parameter.Name) is null)
                context.Error(written.Node, path, $"a first guess needs '{parameter.Name}'; {Allowed(domain)}");
            return null;
        }

        if (parameter.Name == ParameterNames.Architecture)
            value = ParameterValue.Of(NameOf(value.Text!));
        if (domain.Contains(value))
            return value;
        context.Error(written.NodeOf(key!)!, at, $"{value} is not searched here; {Allowed(domain)}");
        return null;
    }

    /// <summary>A network may be written by its layers.</summary>
    private string NameOf(string text)
    {
        if (specification.Architectures.Any(a => a.Name == text))
            return text;
        try
        {
            var canonical = Architecture.Parse(text).Text;
            return specification.Architectures.FirstOrDefault(a => a.Text == canonical)?.Name ?? canonical;
        }
        catch (SweepsException)
        {
            // The values say that it is none of them.
            return text;
        }
    }

    private static string Allowed(ParameterDomain domain)
    {
        var values = domain.Enumerate(SpaceBlocks.MaxValues);
        var ends = domain switch
        {
            RangeDomain range => (range.Min, range.Max),
            IntegerDomain whole => (whole.Min, whole.Max),
            NormalDomain normal => (normal.Bounds.Min, normal.Bounds.Max),
            _ => default((double, double)?),
        };
        var text = values is not null && (ends is null || values.Count <= MostShown)
            ? string.Join(", ", values.Take(MostShown).Select(v => v.Value)) + (values.Count > MostShown ? ", ..." : "")
            : string.Create(CultureInfo.InvariantCulture, $"from {ends!.Value.Item1} to {ends.Value.Item2}");
        return $"allowed: {text}";
    }
}
