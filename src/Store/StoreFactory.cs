using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Postgres;
using Sweeps.Store.Sqlite;

namespace Sweeps.Store;

/// <summary>Opens stores.</summary>
public static class StoreFactory
{
    /// <summary>
    /// Opens the store at an address, creates it where there is none, and brings it to this program's version.
    /// </summary>
    /// <param name="address">Where it is.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    /// <param name="time">The clock of SQLite stores, and of waits; null: the system's.</param>
    /// <param name="logger">Null: nothing is logged.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Core.SweepsException"> The store is out of reach, held by another process, damaged, of a newer
    /// version, or may not be written. </exception>
    public static async Task<ISweepStore> OpenAsync(
        StoreAddress address,
        StoreOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new StoreOptions();
        options.Validate();
        time ??= TimeProvider.System;
        logger ??= NullLogger.Instance;
        return address.Kind == StoreKind.Postgres
            ? await PostgresStore.OpenAsync(address, options, time, logger, cancellationToken)
            : await Task.Run(() => SqliteStore.Open(address, options, time, logger), cancellationToken);
    }
}
