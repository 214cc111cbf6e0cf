#!/usr/bin/env python3
"""A sweep of bench/EndToEnd as its users would write it with Optuna and PyTorch, to be timed beside Sweeps.

    dotnet run -c Release --project bench/EndToEnd -- 5 mnist "python3 bench/EndToEnd/peer.py"

Needs optuna, torch, numpy and PyYAML; the four gzip files of MNIST lie in $SWEEPS_DATA/mnist. Each trial of the grid
trains all its folds and gives their mean accuracy; as many processes as there are cores share one study in SQLite, one
thread each. The best one is trained again on all the training data and asked for the test set, as Sweeps does.
"""
import gzip
import multiprocessing
import os
import sys
import tempfile

BATCH_SIZE = 100  # Where the sweep says none, as Sweeps takes it.
FILES = {"train": "train", "test": "t10k"}


def read_sweep(path):
    import yaml

    with open(path) as file:
        sweep = yaml.safe_load(file)
    data = sweep["data"] if isinstance(sweep["data"], dict) else {"name": sweep["data"]}
    if data["name"] != "mnist":
        sys.exit(f"peer.py: {path}: data: {data['name']} is not mnist, the one data set that this script reads")
    return sweep, data.get("samples")


def read_mnist(samples):
    import numpy
    import torch

    folder = os.path.join(os.environ.get("SWEEPS_DATA", ""), "mnist")
    parts = {}
    for part, name in FILES.items():
        with gzip.open(os.path.join(folder, f"{name}-images-idx3-ubyte.gz")) as file:
            pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)
        with gzip.open(os.path.join(folder, f"{name}-labels-idx1-ubyte.gz")) as file:
            labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)
        count = samples if part == "train" and samples else len(labels)
        parts[part] = (torch.from_numpy(pixels[:count].astype(numpy.float32) / 255),
                       torch.from_numpy(labels[:count].astype(numpy.int64)))
    return parts


def build(architecture):
    from torch import nn

    if architecture == "cnn-lab":
        return nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(7 * 7 * 64, 1024), nn.ReLU(), nn.Linear(1024, 10))
    layers, inputs = [nn.Flatten()], 28 * 28
    for width in map(int, architecture.removeprefix("mlp-").split("-")):
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 10))


def train(sweep, rate, images, labels):
    import torch

    model = build(sweep["architectures"][0])
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    loss_of = torch.nn.CrossEntropyLoss()
    batch = sweep.get("batch_size", BATCH_SIZE)
    for _ in range(sweep["epochs"]):
        order = torch.randperm(len(labels))
        for first in range(0, len(labels), batch):
            part = order[first:first + batch]
            optimizer.zero_grad()
            loss_of(model(images[part]), labels[part]).backward()
            optimizer.step()
    return model


def accuracy(model, images, labels):
    import torch

    right = 0
    with torch.no_grad():
        for first in range(0, len(labels), 1000):
            last = first + 1000
            right += (model(images[first:last]).argmax(1) == labels[first:last]).sum().item()
    return right / len(labels)


def work(path, storage, trials):
    import optuna
    import torch

    torch.set_num_threads(1)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sweep, samples = read_sweep(path)
    images, labels = read_mnist(samples)["train"]
    folds = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0)) % sweep["folds"]
    rates = sweep["parameters"]["learning_rate"]

    def objective(trial):
        rate = trial.suggest_categorical("learning_rate", rates)
        scores = []
        for fold in range(sweep["folds"]):
            kept, held = folds != fold, folds == fold
            scores.append(accuracy(train(sweep, rate, images[kept], labels[kept]), images[held], labels[held]))
        return sum(scores) / len(scores)

    study = optuna.load_study(
        study_name="sweep", storage=storage, sampler=optuna.samplers.GridSampler({"learning_rate": rates}))
    study.optimize(objective, callbacks=[optuna.study.MaxTrialsCallback(trials)])


def main():
    path = sys.argv[1]
    sweep, samples = read_sweep(path)
    with tempfile.TemporaryDirectory() as folder:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        storage = f"sqlite:///{folder}/study.db"
        rates = sweep["parameters"]["learning_rate"]
        study = optuna.create_study(study_name="sweep", storage=storage, direction="maximize")
        # A new process each: libtorch must not be forked.
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=work, args=(path, storage, len(rates)))
                   for _ in range(min(os.cpu_count(), len(rates)))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            if worker.exitcode != 0:
                sys.exit(f"peer.py: a process ended with {worker.exitcode}")
        best, trials = study.best_trial, len(study.trials)
    parts = read_mnist(samples)
    model = train(sweep, best.params["learning_rate"], *parts["train"])
    print(f"{trials} trials, best {best.params} {best.value:.4f}, on the test set {accuracy(model, *parts['test']):.4f}")


if __name__ == "__main__":
    main()
