namespace Orleans.Runtime;

/// <summary>The text of an identity, with its hash kept.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>
{
    private readonly string? text;
    private readonly int hash;

    private IdSpan(string text)
    {
        this.text = text;
        hash = text.GetHashCode(StringComparison.Ordinal);
    }

    public bool IsDefault => string.IsNullOrEmpty(text);

    public static IdSpan Create(string id) => new(id);

    public bool Equals(IdSpan obj) => hash == obj.hash && string.Equals(text, obj.text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public override int GetHashCode() => hash;

    public override string ToString() => text ?? "";

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
