namespace Sweeps.Training.Data.Public;

/// <summary>A public data set of four IDX files.</summary>
internal sealed class IdxPublicDataSet(string name, IReadOnlyList<string> classNames, Download download)
    : PublicDataSet(name, classNames, download)
{
    internal override IReadOnlyList<string> Missing(string folder) =>
        [.. IdxDataSet.Files.Where(file => IdxDataSet.Find(folder, file) is null).Select(file => file + ".gz")];

    private protected override DataSet ReadFrom(string folder) => IdxDataSet.Read(Name, folder, ClassNames);
}
