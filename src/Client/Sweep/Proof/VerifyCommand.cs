using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Networks;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Contract;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Proof;

/// <summary><c>sweeps verify ID</c>: checks that retraining gives the recorded results, bit by bit.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var dataDir = new DataOptions().DataDir;
        var json = JsonOption.Create();
        var sample = new Option<string?>("--sample")
        {
            Description = "Number of trials to retrain, chosen by the digest. Default: 1.",
            HelpName = "n",
        };
        var engine = new Option<string?>("--engine")
        {
            Description = "Retrain on this engine (native, torch) and compare the curves within the rounding of the "
                + "two, instead of bit by bit.",
            HelpName = "engine",
        };
        var command = new Command(
            "verify",
            "Check a sweep's digest, stored models and curves, and retrain a sample of its trials to compare them bit "
                + "by bit.")
        {
            id, sample, engine, store.Option, dataDir, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            EngineKind? other = parsed.GetValue(engine) is not { } word ? null
                : SweepVocabulary.ReadEngine(word) is { Text: { } name and not nameof(EngineKind.Auto) }
                    ? Enum.Parse<EngineKind>(name)
                    : throw OptionValues.Bad(engine, word, "native or torch");
            var count = (int)(parsed.Whole(sample, 0, 1_000_000) ?? 1);
            var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(dataDir)));
            await using var opened = await store.LookAsync(parsed);
            var verification = await Verification.OfAsync(opened, parsed.GetRequiredValue(id), cancellation);
            var page = new VerifyPage(verification, parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            if (other is { } compared)
                NeedAnother(compared, verification);
            page.WriteLog();
            var kept = await KeptResults.OfAsync(
                opened, verification.State, verification.Trials(), cancellation);
            page.WriteKept(kept);
            await PrepareAsync(parsed, verification, opened, sets, count, cancellation);
            if (other is { } asked)
                TrainOn(asked, verification, kept, page, sets, count, cancellation);
            else
                Train(verification, kept, page, sets, count, cancellation);
            page.WriteEnd();
            return page.Holds ? 0 : (int)ErrorKind.Sweep;
        });
        return command;
    }

    private static void NeedAnother(EngineKind engine, Verification verification)
    {
        if (verification.Sample(1).Count == 0 || verification.Sample(1, engine).Count > 0)
            return;
        var (word, rest) = engine == EngineKind.Torch ? ("torch", "native") : ("native", "torch");
        throw new SweepsException(
            ErrorKind.Usage,
            $"Every trial was trained on {word}: '--engine {word}' would compare it with itself. Write '--engine "
                + $"{rest}' to compare the two, or leave it out to retrain on the same engine, bit by bit.");
    }

    private static async Task PrepareAsync(
        ParseResult parsed, Verification verification, ISweepStore store, DataSets sets, int count,
        CancellationToken cancellation)
    {
        var plan = verification.State.Plan;
        if (verification.Sample(count).Count == 0)
            return;
        OwnCode.Allow(parsed, sets, plan);
        await sets.PrepareAsync(plan.DataNeeded(), new SweepFiles(store, plan.Id).ReadAsync, cancellation);
    }

    private static void TrainOn(
        EngineKind engine,
        Verification verification,
        KeptResults kept,
        VerifyPage page,
        DataSets sets,
        int count,
        CancellationToken cancellation)
    {
        page.WriteEngine(engine);
        var trainer = new Trainer(sets);
        try
        {
            foreach (var trial in verification.Sample(count, engine))
                page.Write(verification.TrainOn(engine, trial, trainer, kept, cancellation));
        }
        catch (TrainingException error)
        {
            throw new SweepsException(
                error.Kind == TrainingFailure.Network ? ErrorKind.Usage : ErrorKind.Sweep, error.Message, error);
        }
    }

    private static void Train(
        Verification verification,
        KeptResults kept,
        VerifyPage page,
        DataSets sets,
        int count,
        CancellationToken cancellation)
    {
        var sample = verification.Sample(count);
        if (sample.Count == 0)
            return;
        var trainer = new Trainer(sets);
        if (verification.State.Fingerprint is { } fingerprint)
            page.WriteNumerics(fingerprint, Numerics.Measure(trainer).Of(verification.State.Plan.Numerics));
        try
        {
            foreach (var trial in sample)
                page.Write(verification.Train(trial, trainer, kept, cancellation));
        }
        catch (TrainingException error)
        {
            throw new SweepsException(
                ErrorKind.Sweep, $"A finished trial cannot be retrained: {error.Message}", error);
        }
    }
}
