using Sweeps.Training.Runs;

namespace Sweeps.Training.Native;

/// <summary>
/// The threads that share the loops of one training: its own and helpers that wait for the next loop. What a loop
/// computes must not depend on who does which part, so that the bits are the same with any number of threads: parts
/// write apart, and every sum is one thread's. Used from one thread.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    /// <summary>Most threads of a team; more than the machine has cores help nobody, and change no bit.</summary>
    public const int Most = 128;

    /// <summary>What <see cref="LeastWork"/> is unless set: some 0.1 ms, of which waking the helpers is a small part.
    /// </summary>
    public const long UsualLeastWork = 16_000_000;

    /// <summary>What an elementwise pass takes for each element, in multiply-adds: it waits for memory.</summary>
    public const long ElementWork = 30;

    /// <summary>Parts of a loop for each member, so that one whose core is taken away holds the others up by a part
    /// only.</summary>
    public const int PartsEach = 4;

    private readonly List<Helper> _helpers = [];
    private readonly ManualResetEventSlim _done = new(false, Helper.Spins);
    private TeamLoop? _loop;
    private int _count;
    private int _part;
    private int _next;
    private int _busy;
    private volatile Exception? _failure;
    private int _size = 1;

    /// <summary>A loop over parts.</summary>
    /// <param name="member">Who does it, from 0: has places of its own to work in.</param>
    /// <param name="first">The first index.</param>
    /// <param name="end">The one behind the last.</param>
    public delegate void TeamLoop(int member, int first, int end);

    /// <summary>The least work of a loop that is shared, in multiply-adds.</summary>
    public long LeastWork { get; set; } = UsualLeastWork;

    /// <summary>Threads that share the next loops; at most <see cref="Most"/>.</summary>
    public int Size
    {
        get => _size;
        set
        {
            _size = Math.Clamp(value, 1, Most);
            while (_helpers.Count < _size - 1)
                _helpers.Add(new(this, _helpers.Count + 1));
        }
    }

    /// <summary>Most threads that shared a loop so far; 1: none was worth it.</summary>
    public int MostShared { get; private set; } = 1;

    /// <summary>CPU seconds that the helpers have used, as far as they are awake now and then.</summary>
    public double HelperSeconds => _helpers.Sum(helper => helper.Seconds);

    /// <summary>Does a loop, together where that pays.</summary>
    /// <param name="count">Its length.</param>
    /// <param name="work">Multiply-adds of all of it, or what takes as long.</param>
    /// <param name="loop">A part of it; kept by the caller, so that nothing is allocated.</param>
    /// <param name="partsEach">Parts for each member; 1 where every part begins with something that takes long.</param>
    public void For(int count, long work, TeamLoop loop, int partsEach = PartsEach)
    {
        var size = Math.Min(_size, count);
        if (size <= 1 || work < LeastWork)
        {
            loop(0, 0, count);
            return;
        }

        MostShared = Math.Max(MostShared, size);
        (_loop, _count, _next) = (loop, count, 0);
        _part = (count + (size * partsEach) - 1) / (size * partsEach);
        _busy = size - 1;
        _done.Reset();
        for (var i = 0; i < size - 1; i++)
            _helpers[i].Wake();
        Exception? mine = null;
        try
        {
            DoParts(0);
        }
        catch (Exception error) // Helpers still use what the caller would free.
        {
            mine = error;
        }

        _done.Wait();
        _loop = null;
        var failure = mine ?? _failure;
        _failure = null;
        if (failure is not null)
            throw failure;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var helper in _helpers)
            helper.Dispose();
        _done.Dispose();
    }

    private void DoParts(int member)
    {
        while (true)
        {
            var first = Interlocked.Add(ref _next, _part) - _part;
            if (first >= _count)
                return;
            _loop!(member, first, Math.Min(first + _part, _count));
        }
    }

    private void Help(int member)
    {
        try
        {
            DoParts(member);
        }
        catch (Exception error) // Told by the thread that asked for the loop.
        {
            _failure = error;
        }

        if (Interlocked.Decrement(ref _busy) == 0)
            _done.Set();
    }

    private sealed class Helper : IDisposable
    {
        // Some microseconds: the next loop of a step comes soon, and a core that spins longer would be another's.
        public const int Spins = 200;

        private readonly ManualResetEventSlim _wake = new(false, Spins);
        private readonly Thread _thread;
        private double _seconds;
        private volatile bool _ends;

        public Helper(ThreadTeam team, int member)
        {
            _thread = new(() => Run(team, member)) { IsBackground = true, Name = $"helper {member}" };
            _thread.Start();
        }

        public double Seconds => Volatile.Read(ref _seconds);

        public void Wake() => _wake.Set();

        public void Dispose()
        {
            _ends = true;
            _wake.Set();
            _thread.Join();
            _wake.Dispose();
        }

        private void Run(ThreadTeam team, int member)
        {
            while (true)
            {
                _wake.Wait();
                _wake.Reset();
                if (_ends)
                    return;
                team.Help(member);
                Volatile.Write(ref _seconds, ThreadClock.Seconds);
            }
        }
    }
}

/// <summary>A place to work in for each member of a team, made when the member first needs it.</summary>
/// <typeparam name="T">The place.</typeparam>
/// <param name="create">Makes one.</param>
internal sealed class TeamPlaces<T>(Func<T> create) : IDisposable
    where T : class, IDisposable
{
    private readonly T?[] _places = new T?[ThreadTeam.Most];

    /// <summary>That of a member; asked for by the member alone.</summary>
    public T this[int member] => _places[member] ??= create();

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var place in _places)
            place?.Dispose();
    }
}
