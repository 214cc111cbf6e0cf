namespace Sweeps.Compat.Orleans.Tests.Grains;


public sealed class PostGrain : Grain, IPostGrain
{
    private readonly List<int> kept = [];

    public Task<Parcel> Echo(Parcel parcel) => Task.FromResult(parcel);

    public Task<bool> IsTheSame(Parcel parcel, int identity) =>
        Task.FromResult(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(parcel) == identity);

    public Task<string[]> Change(string[] texts)
    {
        texts[0] = "changed";
        return Task.FromResult(texts);
    }

    public Task<List<int>> Keep(List<int> numbers)
    {
        kept.AddRange(numbers);
        return Task.FromResult(kept);
    }

    public Task<Dictionary<string, int[]>> Table(Dictionary<string, int[]> table)
    {
        table["one"][0] = -1;
        return Task.FromResult(table);
    }

    public Task<Box> ChangeBox(Box box)
    {
        box.Inside[0].Label = box.Inside[0].Owner == box ? "owned" : "lost";
        return Task.FromResult(box);
    }

    public Task<(int Left, Parcel? Right)> Pair((int Left, Parcel? Right) pair) => Task.FromResult(pair);

    public Task<object?> Anything(object? value) => Task.FromResult(value);

    public Task<object?> MakeUnmarked() => Task.FromResult<object?>(new Unmarked());

    public Task<IPostGrain> Self() => Task.FromResult(this.AsReference<IPostGrain>());
}
