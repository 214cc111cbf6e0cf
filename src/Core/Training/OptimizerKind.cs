namespace Sweeps.Core.Training;

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
}
