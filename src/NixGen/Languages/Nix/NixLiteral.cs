using System.Collections;
using System.Globalization;
using System.Text;

namespace NixGen.Languages.Nix;

/// <summary>
/// Values as Nix literals, laid out as nixfmt 1.x (RFC 166) leaves them: a list of one element on one line where it fits, longer ones
/// and sets an element a line. Lists are <see cref="IList"/>, sets are dictionaries from name to value.
/// </summary>
public static class NixLiteral
{
    // nixfmt counts without the indentation of the line, with the closing semicolon.
    private const int Width = 100;

    private const int Indent = 2;

    /// <summary>Appends a value where <paramref name="output"/> ends; its last line says how far in and how wide it stands already.</summary>
    /// <exception cref="ArgumentException">The value has no literal in Nix.</exception>
    public static void Write(StringBuilder output, object? value)
    {
        var (indent, column) = LastLine(output);
        Write(output, value, indent, column - indent);
    }

    /// <inheritdoc cref="Write(StringBuilder, object?)"/>
    public static string Write(object? value)
    {
        var output = new StringBuilder();
        Write(output, value);
        return output.ToString();
    }

    private static void Write(StringBuilder output, object? value, int indent, int used)
    {
        switch (value)
        {
            case null:
                output.Append("null");
                break;
            case string text:
                NixString.Write(output, text);
                break;
            case bool flag:
                output.Append(flag ? "true" : "false");
                break;
            case int or long:
                output.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary<string, object?> set:
                Set(output, set, indent);
                break;
            case IList list:
                List(output, list, indent, used);
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} has no literal in Nix.");
        }
    }

    private static void List(StringBuilder output, IList list, int indent, int used)
    {
        if (list.Count == 0)
        {
            output.Append("[ ]");
            return;
        }

        if (list is [string only] && Flat(only, output, used))
            return;

        output.Append("[\n");
        foreach (var item in list)
        {
            output.Append(' ', indent + Indent);
            // A negative number needs its parentheses here.
            if (item is int and < 0 or long and < 0)
                output.Append('(').Append(((IFormattable)item).ToString(null, CultureInfo.InvariantCulture)).Append(')');
            else
                Write(output, item, indent + Indent, 0);
            output.Append('\n');
        }

        output.Append(' ', indent).Append(']');
    }

    // `[ "x" ];` with what stands before it on the line.
    private static bool Flat(string only, StringBuilder output, int used)
    {
        var literal = NixString.Quote(only);
        if (used + "[ ".Length + Columns(literal) + " ];".Length > Width)
            return false;
        output.Append("[ ").Append(literal).Append(" ]");
        return true;
    }

    private static void Set(StringBuilder output, IDictionary<string, object?> set, int indent)
    {
        if (set.Count == 0)
        {
            output.Append("{ }");
            return;
        }

        output.Append("{\n");
        foreach (var (name, value) in set)
        {
            var key = NixName.Write(name);
            output.Append(' ', indent + Indent).Append(key).Append(" =");
            var used = Columns(key) + " = ".Length;
            // A long text after a quoted name goes to a line of its own; after a plain one it stays.
            if (value is string text && key[0] == '"' && used + Columns(NixString.Quote(text)) + 1 > Width)
            {
                output.Append('\n').Append(' ', indent + Indent + Indent);
                NixString.Write(output, text);
            }
            else
            {
                output.Append(' ');
                Write(output, value, indent + Indent, used);
            }

            output.Append(";\n");
        }

        output.Append(' ', indent).Append('}');
    }

    // nixfmt counts code points.
    private static int Columns(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static (int Indent, int Column) LastLine(StringBuilder output)
    {
        var start = output.Length;
        while (start > 0 && output[start - 1] != '\n')
            start--;
        var indent = start;
        while (indent < output.Length && output[indent] == ' ')
            indent++;
        return (indent - start, output.Length - start);
    }
}
