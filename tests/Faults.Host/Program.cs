using System.Globalization;
using Sweeps.Faults.Host;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;

// The silo that tests kill, pause and cut off from its database. Its trainer sleeps instead of computing, so that many
// silos share a small machine; everything else is the product's. The store comes from SWEEPS_STORE; it ends in order
// when its standard input does. Arguments: NAME SLOTS EPOCH_MILLISECONDS LEASE_SECONDS [LOG_FOLDER].
var epoch = TimeSpan.FromMilliseconds(double.Parse(args[2], CultureInfo.InvariantCulture));
var settings = new SiloSettings
{
    Name = args[0],
    Slots = int.Parse(args[1], CultureInfo.InvariantCulture),
    Lease = TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)),
    CheckpointInterval = TimeSpan.Zero,
    CheckpointShare = 1,
    LogFolder = args.Length > 4 ? args[4] : null,
};
await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(null));
await using var silo = await SiloHost.StartAsync(
    store, FaultSweep.Trainer(epoch), FaultSweep.Numerics, FaultSweep.SearcherOf, settings);
Console.WriteLine("ready");
await Console.In.ReadToEndAsync();
await silo.DrainAsync(settings.DrainGrace);
