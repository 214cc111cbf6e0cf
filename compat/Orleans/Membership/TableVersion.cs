namespace Orleans;

/// <summary>The version of a membership table; each change takes the next one.</summary>
public sealed class TableVersion : IEquatable<TableVersion>
{
    public TableVersion(int version, string eTag)
    {
        Version = version;
        VersionEtag = eTag;
    }

    public int Version { get; }

    public string VersionEtag { get; }

    public TableVersion Next() => new(Version + 1, VersionEtag);

    public bool Equals(TableVersion? other) =>
        other is not null && Version == other.Version && VersionEtag == other.VersionEtag;

    public override bool Equals(object? obj) => Equals(obj as TableVersion);

    public override int GetHashCode() => HashCode.Combine(Version, VersionEtag);

    public override string ToString() => $"<{Version}, {VersionEtag}>";

    public static bool operator ==(TableVersion? left, TableVersion? right) =>
        left is null ? right is null : left.Equals(right);

    public static bool operator !=(TableVersion? left, TableVersion? right) => !(left == right);
}
