using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>A file to render.</summary>
/// <param name="Path">Where it goes, relative to the output folder, with forward slashes.</param>
/// <param name="Template">The name of its template, such as <c>restic.nix</c>.</param>
/// <param name="Model">What the template can say.</param>
internal sealed record Module(string Path, string Template, ScriptObject Model);
