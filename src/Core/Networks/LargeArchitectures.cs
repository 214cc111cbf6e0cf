using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>Known networks for large pictures, with the totals that their papers or reference programs state.</summary>
internal static class LargeArchitectures
{
    private const string Stem =
        "conv 64 7x7 pad 3 stride 2 no_bias | batch_norm | activation relu | max_pool 3x3 pad 1 stride 2";
    private const string Head = "global_avg_pool | dense";

    public static IReadOnlyList<BuiltInArchitecture> All { get; } =
    [
        new("resnet-20", Joined(
                "conv 16 3x3 same no_bias | batch_norm | activation relu", Blocks("residual", 16, 3, ""),
                Blocks("residual", 32, 3, " stride 2"), Blocks("residual", 64, 3, " stride 2"), Head),
            "cifar-10", 272_474, "He et al. 2016, for CIFAR (0.27M), with projections as shortcuts"),
        new("alexnet",
            "conv 96 11x11 pad 2 relu stride 4 | max_pool 3x3 stride 2 | conv 256 5x5 same relu | "
            + "max_pool 3x3 stride 2 | conv 384 3x3 same relu | conv 384 3x3 same relu | conv 256 3x3 same relu | "
            + "max_pool 3x3 stride 2 | flatten | dense 4096 relu | dropout 0.5 | dense 4096 relu | dropout 0.5 | dense",
            BuiltInArchitecture.ImageNet, 62_378_344, "Krizhevsky et al. 2012, in one column, without groups"),
        new("vgg-16", Joined(
                Convolutions(64, 2), Convolutions(128, 2), Convolutions(256, 3), Convolutions(512, 3),
                Convolutions(512, 3),
                "flatten | dense 4096 relu | dropout 0.5 | dense 4096 relu | dropout 0.5 | dense"),
            BuiltInArchitecture.ImageNet, 138_357_544, "Simonyan and Zisserman 2015, configuration D; keras"),
        new("googlenet", Joined(
                $"{Normalised("64 7x7 pad 3", " stride 2")} | max_pool 3x3 same stride 2",
                $"{Normalised("64 1x1")} | {Normalised("192 3x3 same")} | max_pool 3x3 same stride 2",
                Inception(64, 96, 128, 16, 32, 32), Inception(128, 128, 192, 32, 96, 64), "max_pool 3x3 same stride 2",
                Inception(192, 96, 208, 16, 48, 64), Inception(160, 112, 224, 24, 64, 64),
                Inception(128, 128, 256, 24, 64, 64), Inception(112, 144, 288, 32, 64, 64),
                Inception(256, 160, 320, 32, 128, 128), "max_pool 2x2",
                Inception(256, 160, 320, 32, 128, 128), Inception(384, 192, 384, 48, 128, 128),
                "global_avg_pool | dropout 0.2 | dense"),
            BuiltInArchitecture.ImageNet, 6_624_904,
            "Szegedy et al. 2015, as torchvision: batch_norm, 3x3 for 5x5, no auxiliary outputs"),
        new("resnet-18", ResNet("residual", 2, 2, 2, 2), BuiltInArchitecture.ImageNet, 11_689_512,
            "He et al. 2016; torchvision"),
        new("resnet-34", ResNet("residual", 3, 4, 6, 3), BuiltInArchitecture.ImageNet, 21_797_672,
            "He et al. 2016; torchvision"),
        new("resnet-50", ResNet("bottleneck", 3, 4, 6, 3), BuiltInArchitecture.ImageNet, 25_557_032,
            "He et al. 2016; torchvision"),
        new("se-resnet-50", ResNet("bottleneck", 3, 4, 6, 3, " squeeze 16"), BuiltInArchitecture.ImageNet, 28_088_024,
            "Hu et al. 2018; pytorchcv"),
        new("xception", Joined(
                "conv 32 3x3 stride 2 no_bias | batch_norm | activation relu",
                "conv 64 3x3 no_bias | batch_norm | activation relu",
                Entry(128, 128), Entry(256, 256), Entry(728, 728),
                string.Join(" | ", Enumerable.Repeat(
                    $"add({Separable(728)} > {Separable(728)} > {Separable(728)}; )", 8)),
                Entry(728, 1024),
                "separable_conv 1536 3x3 same no_bias | batch_norm | activation relu | "
                + "separable_conv 2048 3x3 same no_bias | batch_norm | activation relu",
                Head),
            BuiltInArchitecture.ImageNet, 22_855_952,
            "Chollet 2017, table 3; keras (22,910,480 with the running statistics)"),
    ];

    private static string Joined(params string[] parts) => string.Join(" | ", parts);

    private static string ResNet(string block, int a, int b, int c, int d, string more = "") => Joined(
        Stem, Blocks(block, 64, a, "", more), Blocks(block, 128, b, Halving, more),
        Blocks(block, 256, c, Halving, more), Blocks(block, 512, d, Halving, more), Head);

    // Padded on all sides, so that the places of the windows are those of the networks that were trained on ImageNet.
    private const string Halving = " stride 2 pad 1";

    private static string Blocks(string block, int filters, int count, string first, string more = "") =>
        string.Join(" | ", Enumerable.Range(0, count).Select(index => string.Create(
            CultureInfo.InvariantCulture, $"{block} {filters}{(index == 0 ? first : "")}{more}")));

    private static string Convolutions(int filters, int count) => string.Join(" | ", Enumerable.Repeat(
        string.Create(CultureInfo.InvariantCulture, $"conv {filters} 3x3 same relu"), count).Append("max_pool 2x2"));

    private static string Normalised(string conv, string stride = "", string between = " | ") =>
        $"conv {conv}{stride} no_bias{between}batch_norm{between}activation relu";

    private static string Inception(int one, int reduce3, int three, int reduce5, int five, int pooled)
    {
        string Path(params string[] convolutions) =>
            string.Join(" > ", convolutions.Select(conv => Normalised(conv, between: " > ")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"concat({Path($"{one} 1x1")}; {Path($"{reduce3} 1x1", $"{three} 3x3 same")}; ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{Path($"{reduce5} 1x1", $"{five} 3x3 same")}; max_pool 3x3 same stride 1 > {Path($"{pooled} 1x1")})");
    }

    private static string Separable(int filters) => string.Create(
        CultureInfo.InvariantCulture, $"activation relu > separable_conv {filters} 3x3 same no_bias > batch_norm");

    // Its first activation changes nothing where a relu comes before.
    private static string Entry(int first, int last) => string.Create(
        CultureInfo.InvariantCulture,
        $"add({Separable(first)} > {Separable(last)} > max_pool 3x3 same stride 2; "
            + $"conv {last} 1x1 same stride 2 no_bias > batch_norm)");
}
