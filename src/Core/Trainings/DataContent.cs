using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>
/// What the data of a sweep are, wherever they lie: kept in the plan, compared at submission, at resume and by every
/// silo before it trains.
/// </summary>
public sealed record DataContent
{
    /// <summary>
    /// SHA-256, lower-case hex, of shape, classes, samples and labels of both parts: equal digests, equal data.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>
    /// It is what everyone has under the data set's name (files with the published checksums, or drawn by the program),
    /// so that the name alone says what it is.
    /// </summary>
    public bool IsPublished { get; init; }

    /// <summary>Samples of both parts together.</summary>
    public int Samples { get; init; }

    /// <summary>The classes' names, by label; null for regression and named data sets, which have their own.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The names of numbers that are predicted together; null: there is one, or there are classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The names of several labels, in the order of the outputs; null: there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The table that it was read from; null for named data sets.</summary>
    public DataFile? Table { get; init; }

    /// <summary>The table of the test part; null: it is part of the first.</summary>
    public DataFile? TestTable { get; init; }

    /// <summary>What the pictures of a folder were brought to, complete; <see cref="Table"/> then holds their pixels
    /// and labels. Null: it was no folder of pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PictureForm? Pictures { get; init; }

    /// <summary>How the fields of <see cref="Table"/> became numbers; null: each is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TableReading? Reading { get; init; }

    /// <summary>The files that it takes to read it elsewhere; none for named data sets.</summary>
    public IEnumerable<DataFile> Files() => ((DataFile?[])[Table, TestTable]).OfType<DataFile>();

    /// <summary>Whether both hold the same samples under the same names of classes or labels, from whatever files.
    /// </summary>
    public bool IsSame(DataContent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Digest == other.Digest && (Classes ?? []).SequenceEqual(other.Classes ?? [], StringComparer.Ordinal)
            && (Labels ?? []).SequenceEqual(other.Labels ?? [], StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public bool Equals(DataContent? other) => other is not null && IsSame(other) && IsPublished == other.IsPublished
        && Samples == other.Samples && Table == other.Table && TestTable == other.TestTable
        && (Targets ?? []).SequenceEqual(other.Targets ?? [], StringComparer.Ordinal) && Pictures == other.Pictures
        && Reading == other.Reading;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Digest, Samples);
}

/// <summary>A file that holds a user's own data.</summary>
/// <param name="Name">Its name without a folder.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex.</param>
/// <param name="Bytes">Its length.</param>
public sealed record DataFile(string Name, string Digest, long Bytes)
{
    /// <summary>Files up to this length travel with their sweep; larger ones every silo needs.</summary>
    public const long TravelsMax = 256L << 20;

    /// <summary>Whether the store keeps a copy for all silos.</summary>
    public bool Travels() => Bytes <= TravelsMax;
}

/// <summary>The data that a sweep asks a process for, before that trains.</summary>
/// <param name="Data">As <see cref="TrainingRequest.Data"/>.</param>
/// <param name="Label">As <see cref="TrainingRequest.Label"/>.</param>
/// <param name="Task">As <see cref="TrainingRequest.Task"/>.</param>
/// <param name="Content">What it must be; null: an earlier version began the sweep, and nothing is compared.</param>
public sealed record PlannedData(string Data, string? Label, TaskKind? Task, DataContent? Content)
{
    /// <summary>As <see cref="TrainingRequest.Group"/>.</summary>
    public string? Group { get; init; }

    /// <summary>The weights that trainings of the sweep may start with.</summary>
    public IReadOnlyList<DataFile> Weights { get; init; } = [];

    /// <summary>The assemblies with the user's own networks.</summary>
    public IReadOnlyList<DataFile> Assemblies { get; init; } = [];

    /// <summary>The same for a process that looks at the data and trains nothing.</summary>
    public PlannedData WithoutCode() => this with { Assemblies = [] };
}

/// <summary>Hands out what a store keeps of a sweep's files; null: it has no such file.</summary>
/// <param name="file">The file.</param>
/// <param name="cancellation">Gives up.</param>
public delegate Task<byte[]?> KeptFileReader(DataFile file, CancellationToken cancellation);
