using System.Runtime.CompilerServices;
using Orleans.Serialization;
using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class IsolationTests
{
    private static readonly Parcel Parcel =
        new("name", new List<int> { 1, 2, 3 }) { Sent = DateTimeOffset.UnixEpoch };

    [Fact]
    public async Task Immutable_IsPassedAsItIs()
    {
        await using var silo = await TestSilo.Start();

        Assert.True(await silo.Grain<IPostGrain>().IsTheSame(Parcel, RuntimeHelpers.GetHashCode(Parcel)));
        Assert.Same(Parcel, await silo.Grain<IPostGrain>().Echo(Parcel));
    }

    [Fact]
    public async Task Collections_AreCopied_ThereAndBack()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IPostGrain>();
        string[] texts = ["one", "two"];
        var table = new Dictionary<string, int[]>(StringComparer.OrdinalIgnoreCase) { ["ONE"] = [1, 2] };

        Assert.Equal(["changed", "two"], await grain.Change(texts));
        Assert.Equal(-1, (await grain.Table(table))["one"][0]);
        var kept = await grain.Keep([1, 2]);
        kept.Clear();

        Assert.Equal(["one", "two"], texts);
        Assert.Equal([1, 2], table["one"]);
        Assert.Equal([1, 2, 3], await grain.Keep([3]));
    }

    [Fact]
    public async Task Mutable_IsCopied_WithWhatItRefersTo()
    {
        await using var silo = await TestSilo.Start();
        var box = new Box { Label = "outer" };
        box.Inside.Add(new Box { Label = "inner", Owner = box });

        var answer = await silo.Grain<IPostGrain>().ChangeBox(box);

        Assert.Equal("inner", box.Inside[0].Label);
        Assert.Equal("owned", answer.Inside[0].Label);
        Assert.Same(answer, answer.Inside[0].Owner);
    }

    [Fact]
    public async Task Tuple_Null_AndReference_ComeThrough()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IPostGrain>();

        Assert.Equal((1, Parcel), await grain.Pair((1, Parcel)));
        Assert.Equal((1, null), await grain.Pair((1, null)));
        Assert.Null(await grain.Anything(null));
        Assert.Equal(grain, await grain.Self());
        Assert.Equal(grain.GetGrainId(), (await grain.Self()).GetGrainId());
    }

    [Fact]
    public async Task Unmarked_AsArgumentOrResult_IsRefused()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IPostGrain>();

        var argument = await Assert.ThrowsAsync<CodecNotFoundException>(
            async () => await grain.Anything(new Unmarked { Number = 1 }));
        var result = await Assert.ThrowsAsync<CodecNotFoundException>(() => grain.MakeUnmarked());

        Assert.Contains(typeof(Unmarked).FullName!, argument.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(Unmarked).FullName!, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delegate_AsArgument_IsRefused()
    {
        await using var silo = await TestSilo.Start();

        await Assert.ThrowsAsync<CodecNotFoundException>(
            async () => await silo.Grain<IPostGrain>().Anything(() => { }));
    }

    [CompatFact]
    public async Task MemberWithoutId_IsRefused_ByName()
    {
        await using var silo = await TestSilo.Start();

        var failure = await Assert.ThrowsAsync<CodecNotFoundException>(
            async () => await silo.Grain<IPostGrain>().Anything(new WithoutId { Kept = 1, Lost = 2 }));

        Assert.Contains(nameof(WithoutId.Lost), failure.Message, StringComparison.Ordinal);
    }

    [CompatFact]
    public async Task ReadOnlyListOfACollectionExpression_IsRefused_EvenInsideAnImmutable()
    {
        await using var silo = await TestSilo.Start();

        // The compiler makes a type of its own for it, which no serializer knows.
        var failure = await Assert.ThrowsAsync<CodecNotFoundException>(
            async () => await silo.Grain<IPostGrain>().Echo(new Parcel("name", [1, 2, 3])));

        Assert.Contains("ReadOnlyArray", failure.Message, StringComparison.Ordinal);
    }
}
