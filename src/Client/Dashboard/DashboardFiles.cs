using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// The files of the pages, from within the program. The charts are the report page's: its script becomes the body of
/// one function.
/// </summary>
internal static class DashboardFiles
{
    private static readonly Dictionary<string, (string Type, Lazy<byte[]> Content)> s_files = new()
    {
        ["_framework/blazor.web.js"] = ("text/javascript", new(() => Bytes("Dashboard.blazor.web.js"))),
        ["plotly.js"] = ("text/javascript", new(() => Bytes("Report.plotly.js"))),
        ["charts.js"] = ("text/javascript", new(() => System.Text.Encoding.UTF8.GetBytes(
            $"export function layOut(report, page, contents, wanted, kept) {{\n{Read("Report.page.js")}\n"
                + "return { chart, style };\n}\n"))),
        ["dashboard.js"] = ("text/javascript", new(() => Bytes("Dashboard.dashboard.js"))),
        ["page.css"] = ("text/css", new(() => Bytes("Report.page.css"))),
        ["dashboard.css"] = ("text/css", new(() => Bytes("Dashboard.dashboard.css"))),
        ["icon.svg"] = ("image/svg+xml", new(() => Bytes("Dashboard.icon.svg"))),
    };

    /// <summary>A mark that changes with the files, so that browsers may keep them.</summary>
    public static string Mark { get; } = Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId.ToString("N");

    /// <summary>Serves them.</summary>
    public static void Map(IEndpointRouteBuilder pages)
    {
        foreach (var (path, (type, content)) in s_files)
        {
            var tag = new Lazy<string>(
                () => $"\"{Convert.ToHexStringLower(SHA256.HashData(content.Value))[..32]}\"");
            pages.MapGet(path, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = context.Request.Query["v"] == Mark
                    ? "public, max-age=31536000, immutable" : "no-cache";
                return Microsoft.AspNetCore.Http.Results.Bytes(
                    content.Value, $"{type}; charset=utf-8",
                    entityTag: Microsoft.Net.Http.Headers.EntityTagHeaderValue.Parse(tag.Value));
            });
        }
    }

    /// <summary>A page with its places filled.</summary>
    public static string Text(string name, Dictionary<string, string> parts)
    {
        var pieces = Read($"Dashboard.{name}").Split("{{");
        return pieces[0] + string.Concat(pieces.Skip(1).Select(piece =>
        {
            var end = piece.IndexOf("}}", StringComparison.Ordinal);
            return parts[piece[..end]] + piece[(end + 2)..];
        }));
    }

    private static string Read(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));

    private static byte[] Bytes(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its file {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        // Some of the files begin with a byte order mark, which a script's middle must not have.
        return bytes.AsSpan().StartsWith(System.Text.Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
    }
}
