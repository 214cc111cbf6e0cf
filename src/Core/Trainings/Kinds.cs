using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>The update rules that a training can use.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum and Nesterov momentum (Sutskever et al. 2013, PyTorch's
    /// form).</summary>
    Sgd,

    /// <summary>RMSprop (Hinton, lecture 6e): running mean of squared gradients, rho 0.9, epsilon 1e-7 as
    /// Keras.</summary>
    RmsProp,

    /// <summary>Adagrad (Duchi et al. 2011): sum of squared gradients.</summary>
    Adagrad,

    /// <summary>Adam (Kingma and Ba 2015): beta1 0.9, beta2 0.999, epsilon 1e-8 as PyTorch.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>Adam with Nesterov momentum (Dozat 2016): beta1 0.9, beta2 0.999, momentum decay 0.004 as
    /// PyTorch.</summary>
    Nadam,

    /// <summary>Adadelta (Zeiler 2012): rho 0.9, epsilon 1e-6 as PyTorch.</summary>
    Adadelta,

    /// <summary>Adamax (Kingma and Ba 2015, section 7.1): Adam by the largest gradient, epsilon 1e-8 as
    /// PyTorch.</summary>
    Adamax,
}

/// <summary>How the weights of a layer start. Biases start at zero with every one of them.</summary>
public enum InitializerKind
{
    /// <summary>Uniform in +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); Keras's default.</summary>
    XavierUniform,

    /// <summary>Normal with deviation sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010).</summary>
    XavierNormal,

    /// <summary>Uniform in +-sqrt(6 / fan_in) (He et al. 2015).</summary>
    HeUniform,

    /// <summary>Normal with deviation sqrt(2 / fan_in) (He et al. 2015).</summary>
    HeNormal,

    /// <summary>All zero: shows why symmetry must be broken.</summary>
    Zeros,
}

/// <summary>What a training minimises, as a mean over the batch.</summary>
public enum LossKind
{
    /// <summary>Softmax and negative log-likelihood of the true class; the default for classes.</summary>
    CrossEntropy,

    /// <summary>Sigmoid and binary cross-entropy, averaged over the outputs; classes are one-hot. The one for several
    /// labels.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean of squared differences over samples and outputs; the default for regression. Classes are
    /// one-hot.</summary>
    MeanSquaredError,
}

/// <summary>What a loss does to the network that it judges.</summary>
public static class LossKinds
{
    /// <summary>The loss of a task unless the configuration names one.</summary>
    public static LossKind DefaultOf(TaskKind task) => task switch
    {
        TaskKind.Classification => LossKind.CrossEntropy,
        TaskKind.MultiLabel => LossKind.BinaryCrossEntropy,
        _ => LossKind.MeanSquaredError,
    };

    /// <summary>
    /// The architecture without the activation that belongs to the loss: a final softmax under cross-entropy, a final
    /// sigmoid under binary cross-entropy. Both losses take raw outputs, so that it is not applied twice.
    /// </summary>
    public static Architecture WithoutOutputActivation(this Architecture architecture, LossKind loss)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return architecture.WithoutOutputActivation(loss switch
        {
            LossKind.CrossEntropy => ActivationKind.Softmax,
            LossKind.BinaryCrossEntropy => ActivationKind.Sigmoid,
            _ => ActivationKind.Linear,
        });
    }
}

/// <summary>What follows from what a data set asks for.</summary>
public static class TaskKinds
{
    /// <summary>What an epoch is judged by beside its loss, in a word.</summary>
    public static string Quality(this TaskKind task) => task == TaskKind.Regression ? "error" : "accuracy";

    /// <summary>The same in full.</summary>
    public static string FullQuality(this TaskKind task) =>
        task == TaskKind.Regression ? "mean absolute error" : "accuracy";
}

/// <summary>What a data set asks for.</summary>
public enum TaskKind
{
    /// <summary>One class of several; judged by accuracy.</summary>
    Classification,

    /// <summary>A number; judged by the mean absolute error.</summary>
    Regression,

    /// <summary>Several labels, each of which is there or not (multi-label classification); judged by accuracy, the
    /// share of the labels that are answered rightly.</summary>
    MultiLabel,
}
