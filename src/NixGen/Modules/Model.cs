using System.Collections;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>
/// Builds what templates see. Only through <c>Add</c>: the indexer of <see cref="ScriptObject"/> makes a whole template context for
/// every access (Scriban 7, Runtime/ScriptObject.cs).
/// </summary>
internal static class Model
{
    public static ScriptObject Of(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var model = new ScriptObject(members.Length);
        foreach (var (name, value) in members)
            model.Add(name, value);
        return model;
    }

    public static ScriptArray List(IEnumerable items)
    {
        var list = new ScriptArray();
        foreach (var item in items)
            list.Add(item);
        return list;
    }

    public static ScriptObject Map<T>(IEnumerable<T> items, Func<T, string> name, Func<T, object> value)
    {
        var map = new ScriptObject();
        foreach (var item in items)
            map.Add(name(item), value(item));
        return map;
    }
}
