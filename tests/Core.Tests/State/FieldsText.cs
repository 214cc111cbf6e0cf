using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sweeps.Core.Tests.State;

/// <summary>
/// Every field of an object and of what it holds, as text: what a list of members forgets shows here. Of tables and
/// sets the order is nobody's business.
/// </summary>
internal static class FieldsText
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> s_ofNoMatter = ["_undo", "_undoLogs", "_names"];

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, int depth)
    {
        Assert.True(depth < 30, $"Something holds itself: {value?.GetType()}");
        switch (value)
        {
            case null:
                text.Append("null");
                return;
            case double number:
                text.Append(BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture));
                return;
            case string or Enum or IFormattable or bool or char:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                return;
            case IEnumerable items:
                AppendAll(text, items, depth);
                return;
        }

        text.Append(value.GetType().Name).Append('{');
        if (value.GetType().Name.StartsWith("ChunkedTable", StringComparison.Ordinal))
        {
            var row = value.GetType().GetProperty("Item")!.GetMethod!.ReturnType.GetElementType()!;
            typeof(FieldsText).GetMethod(nameof(AppendRows), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(row).Invoke(null, [text, value, depth]);
        }
        else
        {
            foreach (var field in FieldsOf(value.GetType()))
            {
                text.Append(field.Name).Append('=');
                Append(text, field.GetValue(value), depth + 1);
                text.Append(";\n");
            }
        }

        text.Append('}');
    }

    private static void AppendAll(StringBuilder text, IEnumerable items, int depth)
    {
        var all = items.Cast<object?>().Select(item =>
        {
            var one = new StringBuilder();
            Append(one, item, depth + 1);
            return one.ToString();
        });
        var type = items.GetType();
        var hasOrder = type.IsArray || !type.Name.Contains("Hash", StringComparison.Ordinal)
            && !type.Name.Contains("Dictionary", StringComparison.Ordinal)
            && !type.Name.Contains("ValueCollection", StringComparison.Ordinal);
        text.Append('[').AppendJoin(",\n", hasOrder ? all : all.Order(StringComparer.Ordinal)).Append(']');
    }

    private static void AppendRows<T>(StringBuilder text, Core.State.ChunkedTable<T> table, int depth)
        where T : struct
    {
        for (var index = 0; index < table.Count; index++)
            Append(text, table[index], depth + 1);
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var of = type; of is not null && of != typeof(object); of = of.BaseType)
        {
            foreach (var field in of.GetFields(Fields).Where(field => !s_ofNoMatter.Contains(field.Name)
                && !typeof(Delegate).IsAssignableFrom(field.FieldType)
                && !field.FieldType.Name.StartsWith("IComparer", StringComparison.Ordinal)
                && field.FieldType.GetCustomAttribute<InlineArrayAttribute>() is null))
            {
                yield return field;
            }
        }
    }
}
