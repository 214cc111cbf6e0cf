using System.Collections.Immutable;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads <c>architectures</c>, and replaces what <c>parameters.architecture</c> says by names that are
/// known.</summary>
internal sealed class ArchitectureSection(KnownDataSet? data, ReadingContext context)
{
    private const string Section = "architectures";

    private readonly ArchitectureTexts _texts = new(data, context);
    private readonly List<NamedArchitecture> _named = [];
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    /// <summary>The networks under the names that the file gives them.</summary>
    public ImmutableArray<NamedArchitecture> Named => [.. _named];

    public void Read(IEnumerable<WrittenArchitecture> written)
    {
        foreach (var architecture in written)
        {
            if (architecture.Named is { } entry)
                AddNamed(entry);
            else
                AddUnnamed(architecture.Node);
        }
    }

    /// <summary>The parameter that tries all networks of the section, for a file that does not write one.</summary>
    public SearchedParameter Parameter() => new(
        ParameterNames.Architecture,
        [new([], new ChoiceDomain([.. _named.Select(a => ParameterValue.Of(a.Name))], []))]);

    /// <summary>The parameter with canonical names; networks that it writes in place are checked here.</summary>
    public ReadParameter Resolve(ReadParameter read)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var branches = ImmutableArray.CreateBuilder<ParameterBranch>();
        for (var i = 0; i < read.Parameter.Branches.Length; i++)
        {
            var branch = read.Parameter.Branches[i];
            var domain = (ChoiceDomain)branch.Domain;
            var node = read.NodeOf(i);
            var values = domain.Values.Select(v => ParameterValue.Of(NameOf(v.Text!, Find(node, v.Text!), read.Path)))
                .ToImmutableArray();
            used.UnionWith(values.Select(v => v.Text!));
            if (values.Distinct().Count() < values.Length)
                context.Error(node, read.Path, "two of the values are the same network; remove one");
            branches.Add(branch with { Domain = domain with { Values = values } });
        }

        foreach (var unused in _named.Where(a => !used.Contains(a.Name)))
            context.Note(
                read.Node, read.Path, $"the architecture '{unused.Name}' is not among the values and is never trained");
        return read with { Parameter = read.Parameter with { Branches = branches.ToImmutable() } };
    }

    /// <summary>Conditions on the architecture with canonical names.</summary>
    public SearchedParameter ResolveConditions(SearchedParameter parameter) => parameter with
    {
        Branches = [.. parameter.Branches.Select(b => b with
        {
            When = [.. b.When.Select(c => c.Parameter != ParameterNames.Architecture ? c : c with
            {
                Values = [.. c.Values.Select(v => ParameterValue.Of(Canonical(v.Text!)))],
            })],
        })],
    };

    private void AddNamed(SourceEntry entry)
    {
        var path = $"{Section}.{entry.Key}";
        var text = _texts.ReadText(entry.Value, path);
        var builtIn = BuiltIn(entry.Key);
        if (text is null)
            _wrong.Add(entry.Key);
        else if (builtIn is not null
            && (ArchitectureTemplate.Find(text) is not null || !builtIn.Equals(Architecture.Parse(text))))
            context.Errors.Add(
                entry.KeyPosition, path, $"'{entry.Key}' is the name of a built-in architecture; choose another name");
        else
            Add(entry.Key, builtIn?.Text ?? text, entry.Value);
    }

    private void Add(string name, string text, SourceNode node)
    {
        _named.Add(new(name, text));
        context.ArchitecturePlaces.TryAdd(text, node.Position);
    }

    private void AddUnnamed(SourceNode node)
    {
        if (_texts.ReadText(node, Section) is not { } text)
            return;
        if (_named.Exists(a => a.Text == text))
            context.Error(node, Section, $"'{text}' occurs twice; remove one");
        else
            Add(text, text, node);
    }

    private string NameOf(string value, SourceNode node, string path) =>
        _named.Exists(a => a.Name == value) || _wrong.Contains(value)
            ? value
            : ReadInPlace(value, node, path) is { } text ? _named.Find(a => a.Text == text)?.Name ?? text : value;

    private string? ReadInPlace(string value, SourceNode node, string path)
    {
        var isWord = value.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.');
        if (!isWord || BuiltIn(value) is not null
            || NearestName.Find(value, _named.Select(a => a.Name).Concat(_wrong)) is not { } nearest)
        {
            var text = _texts.ReadText(
                node is SourceScalar ? node : new SourceScalar(node.Position, value, isQuoted: true), path);
            if (text is not null)
                context.ArchitecturePlaces.TryAdd(text, node.Position);
            return text;
        }

        context.Error(node, path, $"'{value}' is not an architecture of this sweep; did you mean '{nearest}'?");
        return null;
    }

    private string Canonical(string value)
    {
        if (_named.Exists(a => a.Name == value))
            return value;
        try
        {
            var text = ArchitectureTemplate.Find(value)?.Text ?? Architecture.Parse(value).Text;
            return _named.Find(a => a.Text == text)?.Name ?? text;
        }
        catch (SweepsException)
        {
            // The check of the conditions says that no configuration has this value.
            return value;
        }
    }

    private static Architecture? BuiltIn(string name)
    {
        try
        {
            return BuiltInArchitectures.Find(name);
        }
        catch (SweepsException)
        {
            return null;
        }
    }

    /// <summary>Where a value is written.</summary>
    private static SourceNode Find(SourceNode node, string text) => node switch
    {
        SourceScalar scalar when scalar.Text.Trim() == text => scalar,
        SourceList list => list.Items.FirstOrDefault(i => i is SourceScalar s && s.Text.Trim() == text) ?? node,
        SourceMap map => Find(map.ValueOf("values") ?? map.ValueOf("value") ?? new SourceList(node.Position, []), text),
        _ => node,
    };
}
