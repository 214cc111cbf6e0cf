using Sweeps.Client.SavedModels;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Tests.Networks;

/// <summary>A user's picture in the shape of a model, against pictures whose means are known.</summary>
public sealed class PictureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweeps-pictures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_FourTimesAsLarge_IsTheMeanOfEachSquare()
    {
        // Squares of 4 x 4: half of each has the value, the other half is black.
        var path = Draw(16, 8, (x, y) => x % 4 < 2 ? (byte)(10 * ((x / 4) + (4 * (y / 4)))) : (byte)0);

        var picture = PictureFile.Read(path, [1, 2, 4], inverts: false);

        Assert.Equal([0, 5, 10, 15, 20, 25, 30, 35], picture.Bytes);
        Assert.Equal("16x8 to 4x2", picture.Note);
    }

    [Fact]
    public void Read_OtherShape_IsFittedWithoutDistortion_OnTheColourOfItsBorder()
    {
        var path = Draw(2, 4, (x, y) => y is 1 or 2 && x == 0 ? (byte)200 : (byte)40);

        var picture = PictureFile.Read(path, [1, 4, 4], inverts: false);

        // All of the 8 pixels are border: 2 of 200, 6 of 40.
        Assert.Equal([80, 40, 40, 80, 80, 200, 40, 80, 80, 200, 40, 80, 80, 40, 40, 80], picture.Bytes);
    }

    [Fact]
    public void Read_DarkOnLight_IsExchangedUnlessToldOtherwise()
    {
        var path = Draw(3, 3, (x, y) => x == 1 && y == 1 ? (byte)10 : (byte)250);

        Assert.Equal([5, 5, 5, 5, 245, 5, 5, 5, 5], PictureFile.Read(path, [1, 3, 3], null).Bytes);
        Assert.Contains("exchanged", PictureFile.Read(path, [1, 3, 3], null).Note, StringComparison.Ordinal);
        Assert.Equal(250, PictureFile.Read(path, [1, 3, 3], false).Bytes[0]);
        // Colours mean something as they are.
        Assert.Equal(250, PictureFile.Read(path, [3, 3, 3], null).Bytes[0]);
    }

    private string Draw(int width, int height, Func<int, int, byte> grey)
    {
        var image = new PngImage(width, height, 0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                image.Set(x, y, (grey(x, y), grey(x, y), grey(x, y)));
        }

        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.png");
        File.WriteAllBytes(path, image.ToPng());
        return path;
    }
}
