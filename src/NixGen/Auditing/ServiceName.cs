using NixGen.Inventory.Binding;

namespace NixGen.Auditing;

/// <summary>Names of units and containers as names of services of the inventory.</summary>
internal static class ServiceName
{
    public static string For(string name)
    {
        if (Names.IsUsable(name))
            return name;
        var usable = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '-')).Trim('-', '_');
        return usable.Length == 0 ? "service" : usable[..Math.Min(usable.Length, 50)];
    }
}
