using System.Net;
using System.Net.Sockets;
using Sweeps.Core;
using Sweeps.Silo.Cluster;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>What a silo tells the others of how to reach it.</summary>
[Collection("postgres")]
public sealed class OwnAddressTests(PostgresFixture postgres)
{
    private static readonly IPAddress[] Machine =
        [IPAddress.Parse("10.0.0.5"), IPAddress.Parse("192.168.7.5"), IPAddress.Parse("2001:db8::5")];

    /// <param name="seen">What the database sees; empty: a socket of the machine.</param>
    /// <param name="isAlone">Whether nobody elsewhere reaches the database.</param>
    /// <param name="expected">The address told.</param>
    [Theory]
    [InlineData("10.0.0.5", false, "10.0.0.5")]
    [InlineData("192.168.7.5", false, "192.168.7.5")]
    [InlineData("2001:db8::5", false, "2001:db8::5")]
    [InlineData("::ffff:192.168.7.5", false, "192.168.7.5")]
    [InlineData("172.17.0.1", false, "10.0.0.5")]
    [InlineData("127.0.0.1", true, "127.0.0.1")]
    [InlineData("127.0.0.1", false, "10.0.0.5")]
    [InlineData("::1", false, "10.0.0.5")]
    [InlineData("", true, "127.0.0.1")]
    [InlineData("", false, "10.0.0.5")]
    public void Of_WhatTheDatabaseSees_IsWhatOthersReach(string seen, bool isAlone, string expected) => Assert.Equal(
        IPAddress.Parse(expected),
        OwnAddress.Of(new(seen.Length == 0 ? null : IPAddress.Parse(seen), isAlone), Machine));

    [Fact]
    public void Of_MachineWithIPv6Alone_IsThat() => Assert.Equal(
        Machine[2], OwnAddress.Of(new(IPAddress.IPv6Loopback, IsForThisMachineAlone: false), [Machine[2]]));

    /// <summary>
    /// A server that listens on loopback has all its silos on one machine; one that listens beyond has not.
    /// </summary>
    [PostgresFact]
    public async Task Reach_OfARealServer_SaysWhetherOthersComeIn()
    {
        await using var store = (ISharedStore)await StoreFactory.OpenAsync(
            StoreAddress.Parse(await postgres.Server.CreateDatabaseAsync()));
        var reach = await store.ReachAsync();
        Assert.Equal((IPAddress.Loopback, true), (reach.Seen, reach.IsForThisMachineAlone));

        await using var open = await PostgresServer.CreateAsync();
        await open.StopAsync();
        await open.StartAsync("*");
        await using var other = (ISharedStore)await StoreFactory.OpenAsync(StoreAddress.Parse(open.Address()));
        Assert.False((await other.ReachAsync()).IsForThisMachineAlone);
    }

    [Fact]
    public void Ports_OfARange_AreTheFirstFree_AndAllTakenIsSaid()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var error = Assert.Throws<SweepsException>(() => new SiloPorts(port, port).Free(IPAddress.Loopback));
        Assert.StartsWith(
            $"--silo-port {port}: other processes use all of them", error.Message, StringComparison.Ordinal);
        Assert.InRange(new SiloPorts(port, port + 20).Free(IPAddress.Loopback), port + 1, port + 20);
        Assert.True(default(SiloPorts).Free(IPAddress.Loopback) > 0);
    }
}
