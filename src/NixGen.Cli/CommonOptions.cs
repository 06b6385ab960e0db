using System.CommandLine;
using System.CommandLine.Parsing;

namespace NixGen.Cli;

/// <summary>How findings are written.</summary>
internal enum Format
{
    Text,
    Json,
    GitHub,
}

/// <summary>The options that every command has which reads an inventory.</summary>
internal sealed class CommonOptions
{
    public Option<string?> Inventory { get; } = new("--inventory", "-i")
    {
        Description = "The inventory: a YAML file, or a folder of them [default: inventory.yaml or inventory/ here]",
        HelpName = "PATH",
    };

    public Option<string?> Catalogue { get; } = new("--catalogue")
    {
        Description = "Your own catalogue of services [default: catalogue.yaml beside the inventory, if there is one]",
        HelpName = "PATH",
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "The folder of the generated files",
        HelpName = "DIR",
        DefaultValueFactory = _ => "generated",
    };

    public Option<string?> Templates { get; } = new("--templates")
    {
        Description = "A folder of templates that replace NixGen's own of the same name",
        HelpName = "DIR",
    };

    public Option<string[]> Hosts { get; } = new("--host")
    {
        Description = "Only this host; may be given several times",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    public Option<Format> Format { get; } = new("--format")
    {
        Description = "How findings are written: text (to stderr), json or github (to stdout) [default: text]",
        HelpName = "text|json|github",
        CustomParser = ParseFormat,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say nothing but findings" };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colors; the variable NO_COLOR does the same" };

    public Option<string?> Against { get; } = new("--against")
    {
        Description = "What was before: a folder of generated files, or a revision of git [default: the files in --output]",
        HelpName = "DIR|REV",
    };

    public Option<bool> AcceptShrink { get; } = new("--accept-shrink")
    {
        Description = "Let a change pass that backs up less; `retired` in the inventory is better, it keeps the reason",
    };

    /// <summary>For commands that print a document: their findings go to stderr, in words.</summary>
    public Option<Format> DocumentFormat { get; } = new("--format")
    {
        Description = "How it is written: text or json [default: text]",
        HelpName = "text|json",
        CustomParser = argument => argument.Tokens.Single().Value switch
        {
            "text" => Cli.Format.Text,
            "json" => Cli.Format.Json,
            var other => Unknown(argument, other, "text or json"),
        },
    };

    /// <summary>Adds those that make sense for a command.</summary>
    public void AddTo(Command command, bool hasOutput, bool renders)
    {
        command.Options.Add(Inventory);
        command.Options.Add(Catalogue);
        if (hasOutput)
            command.Options.Add(Output);
        if (renders)
            command.Options.Add(Templates);

        command.Options.Add(Hosts);
        command.Options.Add(Format);
        command.Options.Add(Quiet);
        command.Options.Add(NoColor);
    }

    private static Format ParseFormat(ArgumentResult argument) => argument.Tokens.Single().Value switch
    {
        "text" => Cli.Format.Text,
        "json" => Cli.Format.Json,
        "github" => Cli.Format.GitHub,
        var other => Unknown(argument, other, "text, json or github"),
    };

    private static Format Unknown(ArgumentResult argument, string format, string known)
    {
        argument.AddError($"There is no format '{format}': {known}.");
        return default;
    }
}
