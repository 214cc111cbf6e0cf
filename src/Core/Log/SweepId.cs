using System.Text;

namespace Sweeps.Core.Log;

/// <summary>A name in the characters of an id: small letters from a to z, digits and '-'.</summary>
/// <param name="Text">The id.</param>
/// <param name="HasAll">Whether it has each letter of the name, be it without its accent.</param>
public sealed record SweepId(string Text, bool HasAll)
{
    private const int LengthMax = 60;
    private const char AccentMin = '\u0300';
    private const char AccentMax = '\u036f';

    // The program has none of Unicode's tables (it runs with invariant globalization): what letters decompose to.
    private static readonly string[] s_letters =
    [
        "a àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        "ae æ",
        "b ḃḅḇ",
        "c çćĉċčḉ",
        "d ďḋḍḏḑḓđð",
        "dz ǆǳ",
        "e èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "f ḟ",
        "g ĝğġģǧǵḡ",
        "h ĥȟḣḥḧḩḫẖħ",
        "i ìíîïĩīĭįǐȉȋḭḯỉịıİ",
        "ij ĳ",
        "j ĵǰ",
        "k ķǩḱḳḵ",
        "l ĺļľḷḹḻḽł",
        "lj ǉ",
        "m ḿṁṃ",
        "n ñńņňǹṅṇṉṋ",
        "nj ǌ",
        "o òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợø",
        "oe œ",
        "p ṕṗ",
        "r ŕŗřȑȓṙṛṝṟ",
        "s śŝşšſșṡṣṥṧṩẛ",
        "ss ß",
        "t ţťțṫṭṯṱẗŧ",
        "th þ",
        "u ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "v ṽṿ",
        "w ŵẁẃẅẇẉẘ",
        "x ẋẍ",
        "y ýÿŷȳẏẙỳỵỷỹ",
        "z źżžẑẓẕ",
    ];

    private static readonly Dictionary<char, string> s_folded = s_letters.Select(row => row.Split(' '))
        .SelectMany(row => row[1].Select(letter => (letter, row[0])))
        .ToDictionary(pair => pair.letter, pair => pair.Item2);

    /// <summary>The id of a name.</summary>
    /// <exception cref="SweepsException">Nothing of it is left.</exception>
    public static SweepId Of(string name) => TryOf(name) ?? throw new SweepsException(
        ErrorKind.Usage, $"'{name}' has no letter from a to z and no digit for an id; give one with --name ID.");

    /// <summary>The id of a name; null: nothing of it is left.</summary>
    public static SweepId? TryOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (text, hasAll) = (new StringBuilder(), true);
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else if (s_folded.TryGetValue(letter, out var folded))
                text.Append(folded);
            else if (letter is < AccentMin or > AccentMax)
            {
                hasAll &= !char.IsLetterOrDigit(letter) && !char.IsSurrogate(letter);
                if (text.Length > 0 && text[^1] != '-')
                    text.Append('-');
            }
        }

        return Cut(text.ToString()) is { } id ? new(id, hasAll) : null;
    }

    /// <summary>The id that earlier versions made of a name, whose letters with accents they left out; null: none.
    /// </summary>
    public static string? Former(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var letters = name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var words = string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries);
        return Cut(string.Join('-', words));
    }

    private static string? Cut(string text)
    {
        var id = text.Trim('-');
        return id.Length == 0 ? null : id.Length <= LengthMax ? id : id[..LengthMax].Trim('-');
    }

    /// <summary>A name with the letters that an id would have in place of its own.</summary>
    internal static string Folded(string name) =>
        string.Concat(name.ToLowerInvariant().Select(letter => s_folded.GetValueOrDefault(letter) ?? $"{letter}"));

    /// <summary>What is worth a note; null: nothing.</summary>
    /// <param name="name">The name that it was made of.</param>
    /// <param name="isAsked">Whether it was asked for as an id.</param>
    public string? Note(string name, bool isAsked) => this switch
    {
        _ when isAsked && name != Text =>
            $"--name '{name}': the sweep's id is {Text}; ids have small letters from a to z, digits and '-'",
        { HasAll: false } =>
            $"the sweep's id is {Text}: ids have small letters from a to z, digits and '-', and the name '{name}' "
                + "has others; choose another with --name ID",
        _ => null,
    };
}
