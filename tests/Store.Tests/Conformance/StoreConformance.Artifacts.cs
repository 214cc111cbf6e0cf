using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    private static ArtifactKey Key(string name = ArtifactKey.Checkpoint, int fold = 0, string sweep = "sweep") =>
        new(new TrialKey(sweep, 1, fold), name);

    private static byte[] Content(int seed, int length = 50_000)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    [StoreTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task SaveArtifact_AnySize_ReadsBack(int length)
    {
        await NewSweepAsync();
        var content = Content(1, length);
        var saved = await Store.Artifacts.SaveAsync(Key(), 1, 3, content);
        Assert.NotNull(saved);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), saved.Digest);
        Assert.Equal((length, 1, 3), (saved.Bytes, saved.Attempt, saved.Epoch));
        Assert.Equal(saved, await Store.Artifacts.FindAsync(Key()));
        Assert.Equal(content, await Store.Artifacts.ReadAsync(saved.Digest));
        Assert.Equal(content, await Store.Artifacts.ReadAsync(Key()));
    }

    [StoreTheory]
    [InlineData(2, 5, 1, 9, false)]
    [InlineData(2, 5, 2, 4, false)]
    [InlineData(2, 5, 2, 5, true)]
    [InlineData(2, 5, 2, 6, true)]
    [InlineData(2, 5, 3, 1, true)]
    public async Task SaveArtifact_OverAnother_IsFencedByAttemptThenEpoch(
        int heldAttempt, int heldEpoch, int attempt, int epoch, bool admitted)
    {
        await NewSweepAsync();
        await Store.Artifacts.SaveAsync(Key(), heldAttempt, heldEpoch, Content(1));
        var second = await Store.Artifacts.SaveAsync(Key(), attempt, epoch, Content(2));
        Assert.Equal(admitted, second is not null);
        Assert.Equal(Content(admitted ? 2 : 1), await Store.Artifacts.ReadAsync(Key()));
    }

    [StoreFact]
    public async Task SaveArtifact_Replaced_RemovesTheOldBlobAtOnce()
    {
        await NewSweepAsync();
        var first = await Store.Artifacts.SaveAsync(Key(), 1, 1, Content(1));
        await Store.Artifacts.SaveAsync(Key(), 1, 2, Content(2));
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Artifacts.ReadAsync(first!.Digest));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(first!.Digest, error.Message, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task SaveArtifact_Fenced_LeavesNoBlob()
    {
        await NewSweepAsync();
        await Store.Artifacts.SaveAsync(Key(), 2, 1, Content(1));
        Assert.Null(await Store.Artifacts.SaveAsync(Key(), 1, 1, Content(2)));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Content(2)));
        await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Artifacts.ReadAsync(digest));
    }

    [StoreFact]
    public async Task SaveArtifact_SameContentUnderTwoNames_LivesUntilBothAreGone()
    {
        await NewSweepAsync();
        var one = await Store.Artifacts.SaveAsync(Key(fold: 0), 1, 1, Content(1));
        await Store.Artifacts.SaveAsync(Key(fold: 1), 1, 1, Content(1));
        await Store.Artifacts.ReleaseAsync(Key(fold: 0), 1);
        Assert.Equal(Content(1), await Store.Artifacts.ReadAsync(one!.Digest));
        await Store.Artifacts.ReleaseAsync(Key(fold: 1), 1);
        await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Artifacts.ReadAsync(one.Digest));
    }

    [StoreFact]
    public async Task ReleaseArtifact_LateWriterOfThatAttempt_IsFencedForGood()
    {
        await NewSweepAsync();
        await Store.Artifacts.SaveAsync(Key(), 2, 1, Content(1));
        await Store.Artifacts.ReleaseAsync(Key(), 2);
        Assert.Null(await Store.Artifacts.ReadAsync(Key()));
        Assert.Null(await Store.Artifacts.SaveAsync(Key(), 2, 99, Content(2)));
        Assert.Null(await Store.Artifacts.SaveAsync(Key(), 1, 99, Content(2)));
        Assert.NotNull(await Store.Artifacts.SaveAsync(Key(), 3, 1, Content(3)));
    }

    [StoreFact]
    public async Task ReleaseArtifact_OlderAttempt_ChangesNothing()
    {
        await NewSweepAsync();
        await Store.Artifacts.SaveAsync(Key(), 2, 1, Content(1));
        await Store.Artifacts.ReleaseAsync(Key(), 1);
        Assert.Equal(Content(1), await Store.Artifacts.ReadAsync(Key()));
    }

    [StoreFact]
    public async Task ReleaseArtifact_NeverWritten_StillFences()
    {
        await NewSweepAsync();
        await Store.Artifacts.ReleaseAsync(Key(), 1);
        Assert.Null(await Store.Artifacts.SaveAsync(Key(), 1, 1, Content(1)));
    }

    [StoreFact]
    public async Task ListArtifacts_Sweep_SortedWithoutReleased()
    {
        await NewSweepAsync();
        await NewSweepAsync("other");
        await Store.Artifacts.SaveAsync(Key(fold: 2), 1, 1, Content(1));
        await Store.Artifacts.SaveAsync(Key(ArtifactKey.Model, 1), 1, 1, Content(2));
        await Store.Artifacts.SaveAsync(Key(fold: 1), 1, 1, Content(3));
        await Store.Artifacts.SaveAsync(Key(fold: 0), 1, 1, Content(4));
        await Store.Artifacts.SaveAsync(Key(sweep: "other"), 1, 1, Content(5));
        await Store.Artifacts.ReleaseAsync(Key(fold: 0), 1);
        Assert.Equal(
            [Key(fold: 1), Key(ArtifactKey.Model, 1), Key(fold: 2)],
            (await Store.Artifacts.ListAsync("sweep")).Select(item => item.Key));
    }

    [StoreFact]
    public async Task SaveArtifact_RacingAttempts_TheNewestWins()
    {
        await NewSweepAsync();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(attempt =>
            Store.Artifacts.SaveAsync(Key(), attempt, 1, Content(attempt, 1000))));
        Assert.Equal(20, (await Store.Artifacts.FindAsync(Key()))!.Attempt);
        Assert.Equal(Content(20, 1000), await Store.Artifacts.ReadAsync(Key()));
        Assert.Equal(
            new PruneReport { Referred = new(1, 1000) }, await Store.Artifacts.PruneAsync(TimeSpan.Zero));
    }

    [StoreFact]
    public async Task PruneArtifacts_AllReferred_RemovesNothing()
    {
        await NewSweepAsync();
        await Store.Artifacts.SaveAsync(Key(), 1, 1, Content(1));
        var report = await Store.Artifacts.PruneAsync(TimeSpan.Zero);
        Assert.Equal(new PruneReport { Referred = new(1, 50_000) }, report);
        Assert.Equal(Content(1), await Store.Artifacts.ReadAsync(Key()));
    }

    [StoreFact]
    public async Task SaveArtifact_UnknownSweep_IsRefused()
    {
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => Store.Artifacts.SaveAsync(Key(), 1, 1, Content(1)));
        Assert.Contains("no sweep 'sweep'", error.Message, StringComparison.Ordinal);
    }

    [StoreTheory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public async Task ReadArtifact_NoDigest_IsRefused(string digest)
    {
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Artifacts.ReadAsync(digest));
        Assert.Contains("hexadecimal", error.Message, StringComparison.Ordinal);
    }
}
