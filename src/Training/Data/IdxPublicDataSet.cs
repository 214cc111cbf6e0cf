namespace Sweeps.Training.Data;

/// <summary>A public data set of four gzipped IDX files.</summary>
internal sealed class IdxPublicDataSet(string name, IReadOnlyList<string> classNames) : PublicDataSet(name, classNames)
{
    public override IReadOnlyList<string> Files { get; } = [.. IdxDataSet.Files.Select(file => file + ".gz")];

    internal override IReadOnlyList<string> Missing(string folder) =>
        [.. IdxDataSet.Files.Where(file => IdxDataSet.Find(folder, file) is null).Select(file => file + ".gz")];

    private protected override DataSet ReadFrom(string folder) => IdxDataSet.Read(Name, folder, ClassNames);
}
