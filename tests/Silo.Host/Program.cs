using Sweeps.Silo;
using Sweeps.Silo.Tests;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

// A silo of its own process, with a trainer that does nothing, except that it kills the process when it is given the
// deadly configuration: as a native crash in a kernel would. Arguments: STORE NAME DEADLY.
var (address, name, deadly) = (args[0], args[1], int.Parse(args[2]));
var trainer = new NoOpTrainer
{
    BeforeEpoch = (request, _, _) =>
    {
        if (Math.Abs(request.Hyperparameters.LearningRate - (1.0 / (deadly + 1))) < 1e-9)
            Environment.FailFast("the deadly configuration");
    },
};
await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
await using var silo = await SiloHost.StartAsync(
    store, trainer, new("test-numerics"), plan => new FixedSearcher(plan.Configurations),
    new SiloSettings { Name = name, Slots = 1, Lease = TimeSpan.FromSeconds(1), CheckpointInterval = TimeSpan.Zero });
Console.WriteLine("ready");
await Console.In.ReadToEndAsync();
return 0;
