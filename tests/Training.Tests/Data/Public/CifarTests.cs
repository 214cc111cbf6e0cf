using System.Diagnostics;
using System.Text;
using Sweeps.Core;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data.Public;

public sealed class CifarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar-10/cifar-10-batches-bin")]
    [InlineData("cifar-10")]
    [InlineData("cifar-10-batches-bin")]
    public void Load_BatchFiles_ReadsRecordsInOrder(string place)
    {
        foreach (var (name, content) in Cifar.Batches())
            _folder.Write($"{place}/{name}", content);
        Check(Load());
        // Nothing is published that single batches could be compared with.
        Assert.Contains("were not checked", Assert.Single(Load().Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Archive_ReadsItWithoutUnpacking()
    {
        _folder.Write("cifar-10/cifar-10-binary.tar.gz", Cifar.Archive(Cifar.Batches()));
        Check(Load());
    }

    [GnuTarFact]
    public void Load_ArchiveOfTheSystemsTar_ReadsIt()
    {
        foreach (var (name, content) in Cifar.Batches())
            _folder.Write($"cifar-10-batches-bin/{name}", content);
        _folder.Write("cifar-10-batches-bin/readme.html", "<html>");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "cifar-10"));
        string[] arguments = ["czf", "cifar-10/cifar-10-binary.tar.gz", "cifar-10-batches-bin"];
        var start = new ProcessStartInfo(GnuTarFactAttribute.Tar, arguments) { WorkingDirectory = _folder.Path };
        using var tar = Process.Start(start)!;
        tar.WaitForExit();
        Directory.Delete(Path.Combine(_folder.Path, "cifar-10-batches-bin"), recursive: true);
        Check(Load());
    }

    [Fact]
    public void Load_ArchiveWithoutTestBatch_NamesIt()
    {
        var incomplete = Cifar.Batches().Where(batch => batch.Name != "test_batch.bin");
        _folder.Write("cifar-10/cifar-10-binary.tar.gz", Cifar.Archive(incomplete));
        Fails("the archive lacks test_batch.bin");
    }

    [Fact]
    public void Load_CutArchive_SaysDamaged()
    {
        var archive = Cifar.Archive(Cifar.Batches());
        _folder.Write("cifar-10/cifar-10-binary.tar.gz", archive[..(archive.Length / 2)]);
        Fails("the archive is damaged");
    }

    /// <summary>A header may be whole and lie: 'x' announces attributes of a name, '0' the content of a file.</summary>
    [Theory]
    [InlineData('0')]
    [InlineData('x')]
    [InlineData('L')]
    public void Load_HeaderAnnouncesMoreThanThereIs_SaysDamaged(char type)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes("data_batch_1.bin").CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\017777777777\000000000000\0        ").CopyTo(header, 100);
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(value => value), 8),6}\0 ").CopyTo(header, 148);
        _folder.Write("cifar-10/cifar-10-binary.tar.gz", Idx.Zip([.. header, .. new byte[1024]]));
        Fails("the archive is damaged");
    }

    [Fact]
    public void Load_BatchCut_NamesTheBatch()
    {
        foreach (var (name, content) in Cifar.Batches())
            _folder.Write($"cifar-10/{name}", name == "data_batch_3.bin" ? content[..^1] : content);
        Fails("data_batch_3.bin has 6145 bytes, not a multiple of 3073");
    }

    [Fact]
    public void Load_LabelOutOfRange_NamesBatchAndRecord()
    {
        foreach (var (name, content) in Cifar.Batches())
        {
            if (name == "data_batch_2.bin")
                content[Cifar.Record] = 10;
            _folder.Write($"cifar-10/{name}", content);
        }

        Fails("data_batch_2.bin: label 10 of record 1 is out of range");
    }

    private static void Check(DataSet set)
    {
        Assert.Equal([3, 32, 32], set.InputShape);
        Assert.Equal(("airplane", 10), (set.ClassNames[0], set.Classes));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], set.Train.Labels.ToArray());
        Assert.Equal([0, 1], set.Test.Labels.ToArray());
        Assert.Equal(7, set.Train.BytesOf(7)[3071]);
        Assert.Equal(11, set.Test.BytesOf(1)[0]);
    }

    private DataSet Load()
    {
        var sets = new DataSets(new DataFolders(new DataFolder(_folder.Path, "the test")));
        return sets.Load(new DataRequest("cifar-10"));
    }

    private void Fails(string part)
    {
        var error = Assert.Throws<SweepsException>(Load);
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
