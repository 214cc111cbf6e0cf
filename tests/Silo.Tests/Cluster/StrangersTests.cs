using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sweeps.Silo.Cluster;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>What is said of refused connections, by a clock that the test moves.</summary>
public sealed class StrangersTests
{
    private readonly Clock _clock = new();
    private readonly Lines _lines = new();

    [Fact]
    public void Refused_IsSaidAtOnce_AndGatheredWhileItRepeats()
    {
        using var strangers = new Strangers(_clock, _lines);

        strangers.Refuse("from 10.0.0.7", "it does not speak TLS");
        for (var i = 0; i < 100; i++)
            strangers.Refuse("from 10.0.0.7", "it said nothing");
        strangers.Refuse("from 10.0.0.8", "it does not speak TLS");
        Assert.Equal(
            [
                "Warning Refused a connection from 10.0.0.7: it does not speak TLS",
                "Warning Refused a connection from 10.0.0.8: it does not speak TLS",
            ],
            _lines.Take());

        _clock.Tick();
        Assert.Equal(
            [
                "Warning Refused 100 more connections from 10.0.0.7 in the last 10 minutes, the last because it said "
                    + "nothing",
            ],
            _lines.Take());

        // Forgotten once it stays away, and said again when it comes back.
        _clock.Tick();
        Assert.Empty(_lines.Take());
        strangers.Refuse("from 10.0.0.7", "it said nothing");
        Assert.Equal(["Warning Refused a connection from 10.0.0.7: it said nothing"], _lines.Take());
    }

    [Fact]
    public void Refused_FromVeryManyAddresses_IsBounded()
    {
        using var strangers = new Strangers(_clock, _lines);

        for (var i = 0; i < 50_000; i++)
            strangers.Refuse($"from 10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", "it said nothing");

        var said = _lines.Take();
        Assert.Equal(1_001, said.Count);
        Assert.Equal("Warning Refused a connection from other addresses: it said nothing", said[^1]);
        _clock.Tick();
        Assert.Single(_lines.Take());
    }

    [Fact]
    public void Waiting_OfOneAddress_IsBounded_AndNoOtherIsHeldUp()
    {
        using var strangers = new Strangers(_clock, _lines);
        for (var i = 0; i < Strangers.WaitingMost; i++)
            Assert.True(strangers.TryEnter("10.0.0.7"));

        Assert.False(strangers.TryEnter("10.0.0.7"));
        Assert.True(strangers.TryEnter("10.0.0.8"));
        strangers.Leave("10.0.0.7");
        Assert.True(strangers.TryEnter("10.0.0.7"));
    }

    /// <summary>Its timers are due when the test says so.</summary>
    private sealed class Clock : TimeProvider
    {
        private Action _due = () => { };

        public void Tick() => _due();

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal((Strangers.Period, Strangers.Period), (dueTime, period));
            _due = () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Lines : ILogger<Strangers>
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public List<string> Take()
        {
            List<string> taken = [.. _lines];
            _lines.Clear();
            return taken;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => _lines.Enqueue($"{logLevel} {formatter(state, exception)}");
    }
}
