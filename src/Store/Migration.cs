namespace Sweeps.Store;

/// <summary>A step from one version of the schema to the next; never changed once released.</summary>
/// <param name="Version">The version that it leads to, from 1 without gaps.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The steps of one database, in order, read from the assembly.</summary>
    public static IReadOnlyList<Migration> Load(string database)
    {
        var prefix = $"{database}/Migrations/";
        var assembly = typeof(Migration).Assembly;
        var names = assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var migrations = new List<Migration>();
        foreach (var name in names)
        {
            using var stream = assembly.GetManifestResourceStream(name)
                ?? assembly.GetManifestResourceStream(name.Replace('/', '\\'))!;
            using var reader = new StreamReader(stream);
            migrations.Add(new(migrations.Count + 1, Path.GetFileNameWithoutExtension(name), reader.ReadToEnd()));
        }

        return migrations;
    }
}
