namespace Sweeps.Compat.Orleans.Tests.Grains;


public interface IPostGrain : IGrainWithStringKey
{
    Task<Parcel> Echo(Parcel parcel);

    Task<bool> IsTheSame(Parcel parcel, int identity);

    Task<string[]> Change(string[] texts);

    Task<List<int>> Keep(List<int> numbers);

    Task<Dictionary<string, int[]>> Table(Dictionary<string, int[]> table);

    Task<Box> ChangeBox(Box box);

    Task<(int Left, Parcel? Right)> Pair((int Left, Parcel? Right) pair);

    Task<object?> Anything(object? value);

    Task<object?> MakeUnmarked();

    Task<IPostGrain> Self();
}
