using Sweeps.Core.Networks;
using Sweeps.Core.Space;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>What to write instead of a word that another program knows.</summary>
/// <param name="Name">Our name; null: there is none.</param>
/// <param name="Advice">The end of a sentence, when the name alone does not say enough.</param>
internal sealed record Hint(string? Name, string? Advice = null)
{
    public override string ToString() => Advice ?? $"did you mean '{Name}'?";
}

/// <summary>
/// The words that files of W&amp;B, Keras, PyTorch, scikit-learn and Optuna use for what a sweep file says in others. A
/// synonym is accepted where it stands for the very same (a <see cref="Choice"/> lists it); everything else is an error
/// with one of these hints, because a guess would change what is searched. The command line uses the same table.
/// </summary>
internal static class ForeignNames
{
    private const string Sizes = "sizes are part of a network: list networks under 'architectures', for example "
        + "architectures: [mlp-64-64, mlp-128-128], or write a placeholder there, as in 'dense {width} relu', which "
        + "makes 'width' a parameter";

    private const string Constants =
        "it is not adjustable: adam has beta 0.9 and 0.999, rmsprop has rho 0.9; remove it";

    private const string Plateaus = "a rate that falls at a plateau is not supported; write 'cosine', 'step' or "
        + "'exponential'";

    private const string Machine = "trainings run on the processor, as many at once as 'slots' says; remove it";

    private const string Times = "a time is never the same twice, so that no choice may depend on it; the report shows "
        + "the metric against training time in any case; write 'multiply_adds' or 'weights'";

    private const string Unsupported = "it is not supported";

    private static readonly Dictionary<string, Hint> s_networks = Table(
        (new(null, Sizes),
            "num_layers n_layers nb_layers layers hidden_layers num_hidden_layers n_hidden_layers n_hidden "
            + "hidden_layer hidden_size hidden_sizes hidden_units hidden_dim hidden_dims hidden_nodes hidden_neurons "
            + "hidden_layer_size hidden_layer_sizes hidden hidden_channels layer_size layer_sizes layer_1 layer_2 "
            + "layer_3 layer1 layer2 fc_layer_size fc_layers fc_size fc_dim fc_units units n_units num_units units_1 "
            + "units_2 neurons num_neurons n_neurons number_of_neurons nodes num_nodes width depth dense_units "
            + "dense_size dense_layers dense_layer_size embedding_dim latent_dim filters num_filters n_filters "
            + "filter_size filters_per_layer kernel_size kernel_sizes conv_layers num_conv_layers channels "
            + "n_channels pool_size pool_type padding stride strides batch_norm batchnorm use_batch_norm "
            + "use_batchnorm batch_normalization use_bias bias"));

    private static readonly Dictionary<string, Hint> s_training = Table(
        (new(null, Constants),
            "beta beta1 beta2 beta_1 beta_2 betas adam_beta1 adam_beta2 epsilon eps adam_epsilon rho amsgrad"),
        (new(ParameterNames.WarmupEpochs, "warm-up is counted in epochs, whole or not: write 'warmup_epochs'"),
            "warmup_steps warmup_ratio"),
        (new(null, "a schedule ends with the training; remove it"), "decay_steps t_max total_steps"),
        (new(null, Plateaus), "reduce_lr reduce_lr_on_plateau reduce_on_plateau"),
        (new(null, Machine), "device gpu gpus n_gpus use_gpu cuda num_workers dataloader_workers n_gpu"));

    private static readonly Dictionary<string, Hint> s_parameters = Table(
        (new(ParameterNames.LearningRate),
            "lr lrate learn_rate eta eta0 init_lr initial_lr base_lr start_lr learning_rate_init lr_init l_rate "
            + "initial_learning_rate learningrate"),
        (new(ParameterNames.BatchSize),
            "bs batch batchsize train_batch_size minibatch minibatch_size mini_batch_size batch_sz batches"),
        (new(ParameterNames.Epochs),
            "epoch num_epochs n_epochs nb_epoch nb_epochs max_epochs no_epochs number_of_epochs total_epochs "
            + "train_epochs num_train_epochs n_epoch num_epoch"),
        (new(ParameterNames.WeightDecay),
            "decay wd l2 l2_reg l2_regularization l2_lambda l2_penalty reg_lambda lambda regularization "
            + "weight_decay_rate reg l2_weight_decay"),
        (new(ParameterNames.Optimizer),
            "opt optim optimiser optimizer_name optimizer_type optimizers solver algorithm"),
        (new(ParameterNames.Momentum), "mom beta_momentum sgd_momentum momentum_rate"),
        (new(ParameterNames.Nesterov), "use_nesterov nag"),
        (new(ParameterNames.Dropout),
            "dropout_rate drop_rate dropout_prob dropout_p dropout_probability drop p_drop p_dropout use_dropout"),
        (new(ParameterNames.Initializer),
            "init weight_init weights_init initialization weight_initialization weights_initialization initializers "
            + "initialiser kernel_initializer kernel_init init_method init_mode init_type weight_initializer "
            + "initialization_method w_init"),
        (new(ParameterNames.Activation),
            "activation_function activation_fn activation_func activations act act_fn act_func nonlinearity "
            + "non_linearity hidden_activation activation_type"),
        (new(ParameterNames.Loss),
            "criterion loss_fn loss_function loss_func cost cost_function loss_type losses"),
        (new(ParameterNames.LearningRateSchedule),
            "lr_schedule lr_scheduler scheduler learning_rate_scheduler schedule_type decay_type annealing lr_policy "
            + "lr_scheduler_type"),
        (new(ParameterNames.LearningRateDecay),
            "gamma lr_gamma lr_decay decay_rate learning_rate_gamma lr_decay_rate decay_factor"),
        (new(ParameterNames.LearningRateStep), "step_size lr_step lr_step_size step_epochs"),
        (new(ParameterNames.LearningRateEnd), "eta_min min_lr lr_min end_lr lr_end"),
        (new(ParameterNames.WarmupEpochs), "warmup lr_warmup warmup_length num_warmup_epochs lr_warmup_epochs"),
        (new(ParameterNames.ClipNorm),
            "clip gradient_clip gradient_clipping grad_clip max_grad_norm global_clipnorm grad_clip_norm "
            + "gradient_clip_norm gradient_clip_val"),
        (new(ParameterNames.ClipValue), "grad_clip_value gradient_clip_value"),
        (new(ParameterNames.LabelSmoothing), "smoothing label_smooth label_smoothing_factor"),
        (new(ParameterNames.Architecture),
            "arch model network net model_name model_type backbone architectures networks models nn encoder"));

    private static readonly Dictionary<string, Hint> s_keys = Table(
        (new("name"), "title sweep_name experiment experiment_name study_name"),
        (new("data"), "dataset data_set datasets dataset_name"),
        (new("method"),
            "strategy search search_method sampler tuner algorithm sweep_method search_alg search_algorithm"),
        (new("schedule", "write 'schedule: halving' or 'schedule: hyperband', which stop poor configurations early; a "
                + "rate that moves is 'learning_rate_schedule' under 'parameters'"),
            "scheduler pruner stopper trial_scheduler"),
        (new("metric"), "metrics objective objectives monitor target_metric objective_metric"),
        (new(null, "a metric's name says which end is good; remove it"), "direction directions goal goals"),
        (new("population"), "population_size pop_size popsize n_pop"),
        (new("choose"), "selection select choice refit_rule"),
        (new("folds"), "fold k kfold k_fold k_folds kfolds n_folds num_folds n_splits cv cross_validation nfolds"),
        (new("folds", "write 'folds' with them, as in folds: {k: 5, repeats: 3}"),
            "repeats n_repeats num_repeats repeat repetitions repeated_folds"),
        (new("seeds"), "n_seeds num_seeds restarts n_restarts n_init"),
        (new("validation"),
            "val_ratio val_split valid_split validation_split validation_ratio val_size val_fraction valid_ratio "
            + "validation_size validation_fraction holdout hold_out test_size val_percent"),
        (new("epochs"), "epoch num_epochs n_epochs nb_epoch nb_epochs max_epochs"),
        (new("architectures"), "architecture arch model models network networks nets"),
        (new("parameters"), "parameter params hyperparameters hyper_parameters hparams search_space space config grid "
            + "param_grid param_distributions"),
        (new("run_cap"), "n_trials num_trials max_trials trials count n_iter max_runs runs budget num_samples"),
        (new("seed"), "random_state random_seed rng_seed rng"),
        (new("patience"), "early_stopping early_stopping_patience early_stop early_stopping_rounds n_iter_no_change"),
        (new("refit"), "retrain final_fit"),
        (new("reuse"), "cache caching use_cache reuse_results"),
        (new("augment"), "augmentation data_augmentation data_aug use_augmentation transforms augmentations"),
        (new("class_weights"), "class_weight weights_of_classes balance"),
        (new("slots"), "n_jobs jobs workers parallel parallelism concurrency max_concurrent"));

    private static readonly Dictionary<string, Hint> s_optimizers = Table(
        (new("sgd", "write sgd, and beside it momentum: 0.9 with when: {optimizer: sgd}"),
            "momentum sgd_momentum sgd_with_momentum momentum_sgd sgdm mgd momentum_gd heavy_ball momentum_based"),
        (new("sgd", "write sgd, and beside it momentum: 0.9 and nesterov: true, both with when: {optimizer: sgd}"),
            "nag nesterov sgd_nesterov nesterov_sgd nesterov_momentum nesterov_gd nesterov_accelerated"),
        (new("sgd"), "gd vanilla vanilla_sgd stochastic mini_batch_gd batch_gd stochastic_gradient_descent"),
        (new("rmsprop"), "rms"),
        (new(null, Unsupported),
            "radam lion lamb lars rprop lbfgs l_bfgs ftrl adafactor adabound adabelief asgd "
            + "sparse_adam qhadam rectified_adam ranger"));

    private static readonly Dictionary<string, Hint> s_learningRates = Table(
        (new("cosine", "restarts are not supported; write 'cosine'"),
            "cosine_annealing_warm_restarts cosine_restarts sgdr cosine_decay_restarts warm_restarts"),
        (new("step", "write 'step', which falls after every 'learning_rate_step' epochs"),
            "multi_step multistep multi_step_lr piecewise_constant"),
        (new(null, "write 'constant' beside 'warmup_epochs'"), "warmup constant_with_warmup linear_warmup"),
        (new("one_cycle"), "cyclic cyclic_lr super_convergence triangular"),
        (new(null, Plateaus), "plateau reduce_lr_on_plateau reduce_on_plateau"),
        (new(null, Unsupported), "polynomial polynomial_lr polynomial_decay inverse_time inverse_sqrt noam"));

    private static readonly Dictionary<string, Hint> s_initializers = Table(
        (new("xavier_uniform", "did you mean 'xavier_uniform', or 'xavier_normal'?"), "xavier glorot xavier_init"),
        (new("he_uniform", "did you mean 'he_uniform', or 'he_normal'?"), "he kaiming he_init"),
        (new("xavier_uniform", "all of these but zeros are random; write xavier_uniform, Keras's default"),
            "random default random_init"),
        (new(null, Unsupported),
            "random_normal random_uniform uniform normal truncated_normal lecun lecun_normal lecun_uniform orthogonal "
            + "one ones constant identity variance_scaling gaussian"));

    private static readonly Dictionary<string, Hint> s_activations = Table(
        (new("leaky_relu"), "lrelu leaky"),
        (new(null, Unsupported), Activation.Others),
        (new(null, "it belongs to the output, and the loss applies it there; remove it"), "softmax"));

    private static readonly Dictionary<string, Hint> s_losses = Table(
        (new("cross_entropy"), "nll nll_loss log_loss logloss negative_log_likelihood"),
        (new(null, Unsupported),
            "mae mean_absolute_error l1 l1_loss huber smooth_l1 hinge squared_hinge categorical_hinge kld "
            + "kl_divergence mape msle poisson cosine_similarity focal focal_loss ctc"));

    private static readonly Dictionary<string, Hint> s_metrics = Table(
        (new("validation_accuracy"),
            "validation_acc valid_acc valid_accuracy val_categorical_accuracy val_sparse_categorical_accuracy "
            + "categorical_accuracy best_val_acc best_val_accuracy val_top1 top1 best_accuracy eval_accuracy score"),
        (new("validation_loss"), "valid_loss best_val_loss eval_loss"),
        (new("validation_accuracy",
                "the test set is opened once, after the search; did you mean 'validation_accuracy'?"),
            "test_acc test_accuracy"),
        (new("validation_loss", "the test set is opened once, after the search; did you mean 'validation_loss'?"),
            "test_loss"),
        (new("validation_accuracy",
                "what is good on the training samples is not what is sought; did you mean 'validation_accuracy'?"),
            "train_acc train_accuracy training_accuracy"),
        (new("validation_loss",
                "what is good on the training samples is not what is sought; did you mean 'validation_loss'?"),
            "train_loss training_loss"),
        (new(null, Times),
            "time train_time training_time train_seconds seconds fit_time duration runtime latency inference_time "
            + "speed throughput images_per_second cost"),
        (new("multiply_adds", "a multiply-add is two of them; did you mean 'multiply_adds'?"),
            "flops flop gflops mflops"),
        (new("weights"), "params parameters trainable_parameters parameter_count"),
        (new("weights", "a weight has 4 bytes; did you mean 'weights'?"),
            "bytes size model_size memory model_bytes model_memory"),
        (new("validation_squared_error", "its root has the same order; did you mean 'validation_squared_error'?"),
            "rmse val_rmse root_mean_squared_error"),
        (new("validation_f1"), "f1_weighted f1_micro weighted_f1 micro_f1"),
        (new("validation_error", "of several labels it is that; did you mean 'validation_error'?"), "hamming_loss"),
        (new(null, Unsupported), "map iou dice perplexity mcc kappa log_loss average_precision pr_auc"));

    private static readonly Dictionary<string, Hint> s_methods = Table(
        (new("random"), "random_search randomsearch randomized randomised random_sampling"),
        (new("grid"), "grid_search gridsearch exhaustive brute_force"),
        (new("sobol"), "quasirandom quasi_random qmc halton latin_hypercube lhs"),
        (new("tpe"), "parzen optuna hyperopt bohb motpe mo_tpe"),
        (new("cmaes"), "cma_es cma evolution_strategy"),
        (new("bayes"), "bayesian bayesian_optimization bayesopt gp gaussian_process skopt"),
        (new("nsga2"),
            "nsga nsga3 nsga_iii spea2 moea genetic genetic_algorithm ga evolution evolutionary ea"),
        (new(null, "not supported: write 'bayes' or 'tpe', which learn from the scores too"),
            "smac hebo turbo dehb pso particle_swarm annealing simulated_annealing differential_evolution"),
        (new(null, "that is no way to choose configurations but to stop them early: write 'method: random' with a "
                + "run_cap, and 'schedule: hyperband' or 'schedule: halving'"),
            "hyperband asha sha successive_halving halving"),
        (new(null, "training in populations is not supported: write 'method: random' with a run_cap, and 'schedule: "
                + "halving'"),
            "pbt population_based_training"));

    private static readonly Dictionary<string, Hint> s_schedules = Table(
        (new("hyperband", "write 'method: tpe' beside 'schedule: hyperband'"), "bohb"),
        (new(null, "trainings do not take over each other's weights: write 'halving', 'hyperband', 'median' or 'race'"),
            "pbt pb2 population_based_training"));

    private static readonly Dictionary<string, Hint> s_scheduleKeys = Table(
        (new("min_epochs", "write 'min_epochs'"), "min_iter min_budget min_resource min_t grace_period r_min"),
        (new("eta", "write 'eta'"), "reduction_factor factor"),
        (new("interval", "write 'interval'"), "interval_steps"),
        (new("warmup", "write 'warmup'"), "n_startup_trials min_trials_required n_min_trials min_samples_required"),
        (new("min_epochs", "write 'min_epochs'"), "n_warmup_steps start_step"),
        (new(null, "the largest budget is all epochs on all folds: leave it out"),
            "max_iter max_budget max_resource max_t max_epochs max_folds"),
        (new("method", "write 'method'"), "type name kind"));

    private static readonly Dictionary<string, Hint> s_foldKeys = Table(
        (new("k", "write 'k'"), "folds n_splits n_folds num_folds splits n"),
        (new("repeats", "write 'repeats'"), "n_repeats num_repeats repeat repetitions times"));

    private static readonly Dictionary<string, Hint> s_augmentKeys = Table(
        (new("shift"), "translate translation width_shift height_shift width_shift_range height_shift_range crop "
            + "random_crop random_translation"),
        (new("rotation"), "rotate degrees rotation_range random_rotation angle"),
        (new("zoom"), "scale zoom_range random_zoom resize"),
        (new("flip"), "horizontal_flip hflip random_flip random_horizontal_flip mirror fliplr"),
        (new("brightness"), "brightness_range color_jitter jitter random_brightness"),
        (new("cutout"), "erase random_erasing erasing cut_out"),
        (new(null, Unsupported), "vertical_flip vflip shear shear_range contrast saturation hue mixup cutmix noise"));

    /// <summary>What to write instead of a key of 'augment'.</summary>
    public static Hint? OfAugment(string word) => s_augmentKeys.GetValueOrDefault(Normalize(word));

    /// <summary>What to write instead of a key of 'folds'.</summary>
    public static Hint? OfFolds(string word) => s_foldKeys.GetValueOrDefault(Normalize(word));

    /// <summary>What to write instead of a key of a schedule.</summary>
    public static Hint? OfSchedule(string word) => s_scheduleKeys.GetValueOrDefault(Normalize(word));

    /// <summary>What to write instead of a name among the parameters.</summary>
    public static Hint? OfParameter(string word)
    {
        if (s_parameters.TryGetValue(Normalize(word), out var parameter))
            return parameter;
        var key = SweepRules.File.Keys.FirstOrDefault(k => k.Note is null && Normalize(k.Name) == Normalize(word))?.Name
            ?? s_keys.GetValueOrDefault(Normalize(word))?.Name;
        return key is null
            ? OfTraining(word)
            : new Hint(key, $"'{key}' is a key of the sweep: write it at the top of the file, not under 'parameters'");
    }

    /// <summary>What to write instead of a parameter's name in a <c>when</c>.</summary>
    public static Hint? OfCondition(string word) => s_parameters.GetValueOrDefault(Normalize(word));

    /// <summary>What to write instead of a key of the file.</summary>
    public static Hint? OfKey(string word)
    {
        if (s_keys.TryGetValue(Normalize(word), out var key))
            return key;
        var parameter = Parameters.Names.FirstOrDefault(n => Normalize(n) == Normalize(word))
            ?? s_parameters.GetValueOrDefault(Normalize(word))?.Name;
        return parameter is null ? OfTraining(word)
            : new(parameter, $"'{parameter}' is a parameter: write it under 'parameters'");
    }

    /// <summary>What to write instead of a parameter's value, or of a metric or method.</summary>
    /// <param name="kind">The parameter's name, <c>metric</c> or <c>method</c>.</param>
    public static IReadOnlyDictionary<string, Hint> Values(string kind) => kind switch
    {
        ParameterNames.Optimizer => s_optimizers,
        ParameterNames.LearningRateSchedule => s_learningRates,
        ParameterNames.Initializer => s_initializers,
        ParameterNames.Activation => s_activations,
        ParameterNames.Loss => s_losses,
        "metric" => s_metrics,
        "method" => s_methods,
        "schedule" => s_schedules,
        _ => new Dictionary<string, Hint>(),
    };

    /// <summary>A word without what people spell differently: case, <c>-</c>, <c>_</c>, <c>/</c> and spaces.</summary>
    public static string Normalize(string word) =>
        new([.. word.Where(c => c is not ('-' or '_' or '/' or ' ')).Select(char.ToLowerInvariant)]);

    private static Hint? OfTraining(string word) =>
        s_training.GetValueOrDefault(Normalize(word)) ?? s_networks.GetValueOrDefault(Normalize(word));

    private static Dictionary<string, Hint> Table(params (Hint Hint, string Words)[] groups)
    {
        var table = new Dictionary<string, Hint>(StringComparer.Ordinal);
        foreach (var (hint, words) in groups)
        {
            // Two spellings of one word may stand in one group, never in two.
            foreach (var word in words.Split(' ').Select(Normalize).Distinct())
                table.Add(word, hint);
        }

        return table;
    }
}
