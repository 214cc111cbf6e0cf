using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Own;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Tests.Own;

/// <summary>Modules of tests/Training.Modules, which cannot be trained: each is refused with what is wrong.</summary>
public sealed class OwnMistakeTests
{
    private static readonly string s_path = Path.Combine(
        AppContext.BaseDirectory.Replace("Training.Tests", "Training.Modules", StringComparison.Ordinal),
        "Sweeps.Training.Modules.dll");

    private static readonly DataFile s_file = OwnAssemblies.Add(s_path);

    /// <summary>Before anything trains: when the network is planned, as before a sweep is submitted.</summary>
    [Theory]
    [InlineData("OneAnswer", "its forward gives [] for 2 samples of 4x5x1; it must give [2, 3]")]
    [InlineData("OneTooMany", "ends with 4 values a sample")]
    [InlineData("Fails", "fails on samples of 4x5x1: the forward of the test")]
    [InlineData("Hidden", "has no public constructor")]
    [InlineData("Counts", "other values for the same samples")]
    [InlineData("Remembers", "make that a buffer (register_buffer)")]
    [InlineData("Dense", "has no network 'Sweeps.Training.Modules.Dense'")]
    public void Plan_ModuleThatCannotBeTrained_SaysWhy(string type, string says)
    {
        var error = Assert.Throws<SweepsException>(() => Plan(type));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(type, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ModuleThatKeepsABuffer_IsTrained() => Assert.Equal(1, Plan("RemembersRightly").Statistics);

    /// <summary>What no look at two samples shows ends the training with the module's own words.</summary>
    [Theory]
    [InlineData("FailsLater", "failed in its forward: more than two")]
    [InlineData("FewerRows", "gave [1, 10] of Float32 for 20 samples in its forward; it must give [20, 10]")]
    public void Train_ModuleThatFailsLater_SaysWhat(string type, string says)
    {
        var error = Assert.Throws<TrainingException>(() => new Trainer(new DataSets(new DataFolders([]))).Train(
            Request(type), NoObserver.Instance, null, default));

        Assert.Equal(TrainingFailure.Network, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The same file, changed where it names what it needs.</summary>
    [Theory]
    [InlineData("System.Runtime", 99, "built for another framework: it needs System.Runtime 99.")]
    [InlineData("TorchSharp", 99, "was built with TorchSharp 99.")]
    public void Add_AssemblyOfAnotherFramework_IsRefused(string reference, int major, string says)
    {
        var bytes = File.ReadAllBytes(s_path);
        ChangeVersion(bytes, reference, (ushort)major);

        var error = Assert.Throws<SweepsException>(() => OwnAssemblies.Add("later.dll", bytes));

        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadNetwork_ModelOfCodeThatIsNotHere_SaysSoOnce()
    {
        var digest = new string('a', 64);
        var bytes = SafeTensors.Write(
            [new("0.weight", [2, 4], new float[8])],
            new Dictionary<string, string>
            {
                ["architecture"] = $"own {digest} My.Net",
                ["input"] = "4",
                ["outputs"] = "2",
                ["assembly"] = "Nets.dll",
            });

        var error = Assert.Throws<SweepsException>(() => SavedModel.Read(bytes, "'model'").ReadNetwork());

        Assert.Equal(2, error.Message.Split("cannot be read").Length);
        Assert.Contains($"'Nets.dll' with the SHA-256 {digest}", error.Message, StringComparison.Ordinal);
    }

    private static NetworkShape Plan(string type) =>
        Small.Plan($"own {s_file.Digest} Sweeps.Training.Modules.{type}", TensorShape.Image(1, 4, 5), 3);

    private static TrainingRequest Request(string type) => new()
    {
        Data = "digits",
        SampleLimit = 100,
        Hyperparameters = new()
        {
            Architecture = $"own {s_file.Digest} Sweeps.Training.Modules.{type}",
            LearningRate = 0.01,
            BatchSize = 20,
            Epochs = 1,
        },
        Split = Split.KFold(2, 0),
        Seed = 1,
    };

    // ECMA-335, II.22.5: a row of AssemblyRef begins with the major version, in two bytes.
    private static void ChangeVersion(byte[] assembly, string reference, ushort major)
    {
        using var file = new PEReader(new MemoryStream(assembly));
        var metadata = file.GetMetadataReader();
        var row = MetadataTokens.GetRowNumber(metadata.AssemblyReferences.Single(handle =>
            metadata.GetString(metadata.GetAssemblyReference(handle).Name) == reference));
        var place = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + ((row - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        BitConverter.TryWriteBytes(assembly.AsSpan(place), major);
    }
}
