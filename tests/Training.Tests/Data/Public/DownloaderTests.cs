using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>Downloads from mirrors on the loopback that fail in every way a mirror can.</summary>
public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)((i * 31) ^ (i >> 8)))];
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = Downloader.CreateClient();

    private string Target => Path.Combine(_folder.Path, "mnist", "file");

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_Fresh_WritesTheFileAndReportsProgress()
    {
        await using var mirror = Whole();
        var seen = new List<DownloadProgress>();
        await GetAsync([mirror.Address], new Recorder(seen));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal(["file"], FilesThere());
        Assert.Equal(Content.Length, seen[^1].Bytes);
        Assert.Equal(seen.Select(report => report.Bytes).Order(), seen.Select(report => report.Bytes));
    }

    [Fact]
    public async Task Get_FileIsThere_AsksNobody()
    {
        _folder.Write("mnist/file", Content);
        await using var mirror = Whole();
        await GetAsync([mirror.Address]);
        Assert.Empty(mirror.Requests);
    }

    [Fact]
    public async Task Get_FileIsThereRepacked_AcceptsItByItsContent()
    {
        _folder.Write("mnist/file", Idx.Zip(Content));
        await using var mirror = Whole();
        await GetAsync([mirror.Address], contentHash: Hash(Content));
        Assert.Empty(mirror.Requests);
    }

    [Fact]
    public async Task Get_FileIsThereDamaged_ReplacesIt()
    {
        _folder.Write("mnist/file", Content[..5]);
        await using var mirror = Whole();
        await GetAsync([mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Get_CutTwice_ResumesWhereItStopped()
    {
        await using var mirror = new MirrorServer((_, from) => from switch
        {
            null => new(200, Content) { CutAfter = 50_000 },
            50_000 => new(206, Content) { CutAfter = 70_000 },
            _ => new(206, Content),
        });
        await GetAsync([mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([null, 50_000, 120_000], mirror.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Get_PartOfAnEarlierRun_ContinuesIt()
    {
        _folder.Write("mnist/file.part", Content[..150_000]);
        await using var mirror = Whole();
        await GetAsync([mirror.Address]);
        Assert.Equal([150_000L], mirror.Requests.Select(request => request.From));
        Assert.Equal(["file"], FilesThere());
    }

    [Fact]
    public async Task Get_MirrorIgnoresRanges_StartsOver()
    {
        _folder.Write("mnist/file.part", Content[..150_000]);
        await using var mirror = new MirrorServer((_, _) => new(200, Content));
        await GetAsync([mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Get_PartOfAnEarlierRunIsWrong_StartsOverAtTheSameMirror()
    {
        _folder.Write("mnist/file.part", new byte[150_000]);
        await using var mirror = Whole();
        await GetAsync([mirror.Address]);
        Assert.Equal([150_000L, null], mirror.Requests.Select(request => request.From));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(403)]
    public async Task Get_MirrorRefuses_TakesTheNext(int status)
    {
        await using var refusing = new MirrorServer((_, _) => new(status, []));
        await using var mirror = Whole();
        await GetAsync([refusing.Address, mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
        Assert.Single(refusing.Requests);
    }

    [Fact]
    public async Task Get_MirrorSendsOtherBytes_TakesTheNext()
    {
        byte[] other = [.. Content];
        other[100] ^= 1;
        await using var wrong = new MirrorServer((_, _) => new(200, other));
        await using var mirror = Whole();
        await GetAsync([wrong.Address, mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
        Assert.Null(Assert.Single(mirror.Requests).From);
    }

    [Fact]
    public async Task Get_MirrorSendsTooMuch_StopsItAndTakesTheNext()
    {
        await using var endless = new MirrorServer((_, _) => new(200, new byte[5_000_000]));
        await using var mirror = Whole();
        await GetAsync([endless.Address, mirror.Address]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Get_MirrorFallsSilent_TakesTheNextAndKeepsTheBytes()
    {
        await using var silent = new MirrorServer((_, from) =>
            new(from is null ? 200 : 206, Content) { CutAfter = from is null ? 50_000 : 0, Stall = true });
        await using var mirror = Whole();
        await GetAsync([silent.Address, mirror.Address], patience: TimeSpan.FromSeconds(1));
        Assert.Equal([50_000L], mirror.Requests.Select(request => request.From));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Get_AllMirrorsFail_NamesFilesFolderAddressesAndDigits()
    {
        byte[] other = [.. Content];
        other[^1] ^= 1;
        await using var wrong = new MirrorServer((_, _) => new(200, other));
        await using var gone = new MirrorServer((_, _) => new(404, []));
        var error = await Assert.ThrowsAsync<SweepsException>(() => GetAsync([gone.Address, wrong.Address]));
        Assert.Equal(ErrorKind.Data, error.Kind);
        var folder = Path.GetDirectoryName(Target)!;
        string[] parts =
            ["404", "SHA-256", $"{gone.Address}file", $"{wrong.Address}file", folder, "'digits'"];
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Empty(FilesThere());
    }

    [Fact]
    public async Task Get_NoNetwork_IsAClearErrorAndLeavesNoFile()
    {
        string address;
        await using (var mirror = Whole())
            address = mirror.Address;
        var error = await Assert.ThrowsAsync<SweepsException>(() => GetAsync([address]));
        Assert.Contains("Could not download file of 'mnist'", error.Message, StringComparison.Ordinal);
        Assert.Empty(FilesThere());
    }

    [Fact]
    public async Task Get_Cancelled_KeepsWhatArrived()
    {
        await using var mirror = new MirrorServer((_, _) => new(200, Content) { CutAfter = 50_000, Stall = true });
        using var cancel = new CancellationTokenSource();
        var arrived = new Recorder([], report => { if (report.Bytes == 50_000) cancel.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => GetAsync([mirror.Address], arrived, cancellation: cancel.Token));
        Assert.Equal(Content[..50_000], await File.ReadAllBytesAsync(Target + ".part"));
    }

    [Fact]
    public async Task Get_FolderIsAFile_IsAClearError()
    {
        _folder.Write("mnist", "not a folder");
        await using var mirror = Whole();
        var error = await Assert.ThrowsAsync<SweepsException>(() => GetAsync([mirror.Address]));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    private static MirrorServer Whole() => new((_, from) => new(from is null ? 200 : 206, Content));

    private async Task GetAsync(
        string[] mirrors,
        IProgress<DownloadProgress>? progress = null,
        string? contentHash = null,
        TimeSpan? patience = null,
        CancellationToken cancellation = default)
    {
        var download = new Download(mirrors, [new PublicFile("file", Content.Length, Hash(Content), contentHash)]);
        var set = new IdxPublicDataSet("mnist", download);
        var downloader = new Downloader(_http, progress) { Patience = patience ?? TimeSpan.FromSeconds(20) };
        await downloader.GetAsync(set, new DataFolders(new DataFolder(_folder.Path, "the test")), cancellation);
    }

    private IEnumerable<string?> FilesThere() =>
        Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(Path.GetFileName);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Recorder(List<DownloadProgress> reports, Action<DownloadProgress>? then = null)
        : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            reports.Add(value);
            then?.Invoke(value);
        }
    }
}
