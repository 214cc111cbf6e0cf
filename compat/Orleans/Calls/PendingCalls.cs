using System.Globalization;

namespace Orleans.Silo;

/// <summary>
/// The calls whose callers wait, and the clock that ends the waiting. Linked lists, several of them against contention:
/// adding and removing cost a few nanoseconds, and only the ticks of the clock look at every call.
/// </summary>
internal sealed class PendingCalls : IDisposable
{
    private readonly Stripe[] stripes =
        [.. Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => new Stripe())];

    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private readonly bool cancelsOnTimeout;
    private readonly ITimer timer;

    public PendingCalls(TimeProvider time, TimeSpan timeout, bool cancelsOnTimeout)
    {
        this.time = time;
        this.timeout = timeout;
        this.cancelsOnTimeout = cancelsOnTimeout;
        var period = TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 4, 10, 1000));
        timer = time.CreateTimer(static state => ((PendingCalls)state!).Expire(), this, period, period);
    }

    public void Add(Call call)
    {
        var stripe = stripes[(uint)Environment.CurrentManagedThreadId % (uint)stripes.Length];
        var entry = new Entry(call, stripe, time.GetTimestamp());
        call.Pending = entry;
        stripe.Add(entry);
    }

    public static void Remove(Entry entry) => entry.Stripe.Remove(entry);

    public void FailAll(Func<Call, Exception> failure)
    {
        foreach (var call in All().Select(entry => entry.Call))
        {
            call.Fail(failure(call));
        }
    }

    public void Dispose() => timer.Dispose();

    private void Expire()
    {
        foreach (var entry in All())
        {
            var limit = entry.Call.Method.Timeout ?? timeout;
            if (time.GetElapsedTime(entry.Since) < limit)
            {
                continue;
            }

            entry.Call.Fail(new TimeoutException(string.Create(
                CultureInfo.InvariantCulture,
                $"Response did not arrive on time in {limit} for message: "
                + $"{entry.Call.Method.Name} on {entry.Call.Target}.")));
            if (cancelsOnTimeout)
            {
                entry.Call.CancelCallee();
            }
        }
    }

    private IEnumerable<Entry> All() => stripes.SelectMany(stripe => stripe.Copy());

    internal sealed class Entry(Call call, Stripe stripe, long since)
    {
        public Call Call => call;

        public Stripe Stripe => stripe;

        public long Since => since;

        public Entry? Previous { get; set; }

        public Entry? Next { get; set; }

        public bool IsLinked { get; set; }
    }

    internal sealed class Stripe
    {
        private readonly Lock gate = new();
        private Entry? first;

        public void Add(Entry entry)
        {
            lock (gate)
            {
                entry.Next = first;
                first?.Previous = entry;
                first = entry;
                entry.IsLinked = true;
            }
        }

        public void Remove(Entry entry)
        {
            lock (gate)
            {
                if (!entry.IsLinked)
                {
                    return;
                }

                entry.IsLinked = false;
                entry.Next?.Previous = entry.Previous;
                if (entry.Previous is { } previous)
                {
                    previous.Next = entry.Next;
                }
                else
                {
                    first = entry.Next;
                }
            }
        }

        public List<Entry> Copy()
        {
            var all = new List<Entry>();
            lock (gate)
            {
                for (var entry = first; entry is not null; entry = entry.Next)
                {
                    all.Add(entry);
                }
            }

            return all;
        }
    }
}
