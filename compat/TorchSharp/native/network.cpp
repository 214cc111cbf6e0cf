// Layers and losses.
#include "shim.h"

#include <ATen/Context.h>

TS_API Handle ts_linear(Handle input, Handle weight, Handle bias) {
  return result([&] { return at::linear(*Ref(input), *Ref(weight), Ref(bias).optional()); });
}

TS_API Handle ts_conv2d(Handle input, Handle weight, Handle bias, const int64_t* stride, int32_t stride_count,
                        const int64_t* padding, int32_t padding_count, const int64_t* dilation, int32_t dilation_count,
                        int64_t groups) {
  return result([&] {
    return at::conv2d(*Ref(input), *Ref(weight), Ref(bias).optional(), ts::shape(stride, stride_count),
                      ts::shape(padding, padding_count), ts::shape(dilation, dilation_count), groups);
  });
}

TS_API Handle ts_max_pool2d(Handle input, const int64_t* kernel, int32_t kernel_count, const int64_t* stride,
                            int32_t stride_count, const int64_t* padding, int32_t padding_count,
                            const int64_t* dilation, int32_t dilation_count, int32_t ceil_mode) {
  return result([&] {
    return at::max_pool2d(*Ref(input), ts::shape(kernel, kernel_count), ts::shape(stride, stride_count),
                          ts::shape(padding, padding_count), ts::shape(dilation, dilation_count), ceil_mode != 0);
  });
}

// divisor 0: the size of the window.
TS_API Handle ts_avg_pool2d(Handle input, const int64_t* kernel, int32_t kernel_count, const int64_t* stride,
                            int32_t stride_count, const int64_t* padding, int32_t padding_count, int32_t ceil_mode,
                            int32_t count_include_pad, int64_t divisor) {
  return result([&] {
    return at::avg_pool2d(*Ref(input), ts::shape(kernel, kernel_count), ts::shape(stride, stride_count),
                          ts::shape(padding, padding_count), ceil_mode != 0, count_include_pad != 0,
                          divisor == 0 ? ts::Maybe<int64_t>() : ts::Maybe<int64_t>(divisor));
  });
}

TS_API Handle ts_adaptive_avg_pool2d(Handle input, const int64_t* sizes, int32_t count) {
  return result([&] { return at::adaptive_avg_pool2d(*Ref(input), ts::shape(sizes, count)); });
}

TS_API Handle ts_batch_norm(Handle input, Handle mean, Handle variance, Handle weight, Handle bias, int32_t training,
                            double momentum, double eps) {
  return result([&] {
    return at::batch_norm(*Ref(input), Ref(weight).optional(), Ref(bias).optional(), Ref(mean).optional(),
                          Ref(variance).optional(), training != 0, momentum, eps,
                          at::globalContext().userEnabledCuDNN());
  });
}

// mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
TS_API Handle ts_pad(Handle input, const int64_t* pad, int32_t count, int32_t mode, double value) {
  static constexpr const char* modes[] = {"constant", "reflect", "replicate", "circular"};
  return result([&] {
    auto fill = mode == 0 ? ts::Maybe<double>(value) : ts::Maybe<double>();
    return at::pad(*Ref(input), ts::shape(pad, count), modes[mode], fill);
  });
}

TS_API Handle ts_dropout(Handle input, double p, int32_t training, int32_t inplace) {
  return result([&] {
    Ref tensor(input);
    return inplace != 0 ? at::dropout_(*tensor, p, training != 0) : at::dropout(*tensor, p, training != 0);
  });
}

TS_API Handle ts_one_hot(Handle self, int64_t classes) {
  return result([&] { return at::one_hot(*Ref(self), classes); });
}

TS_API Handle ts_cross_entropy(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index,
                               double label_smoothing) {
  return result([&] {
    return at::cross_entropy_loss(*Ref(input), *Ref(target), Ref(weight).optional(), reduction, ignore_index,
                                  label_smoothing);
  });
}

TS_API Handle ts_nll_loss(Handle input, Handle target, Handle weight, int64_t reduction) {
  return result([&] { return at::nll_loss_nd(*Ref(input), *Ref(target), Ref(weight).optional(), reduction); });
}

TS_API Handle ts_binary_cross_entropy_with_logits(Handle input, Handle target, Handle weight, Handle pos_weight,
                                                  int64_t reduction) {
  return result([&] {
    return at::binary_cross_entropy_with_logits(*Ref(input), *Ref(target), Ref(weight).optional(),
                                                Ref(pos_weight).optional(), reduction);
  });
}

TS_API Handle ts_mse_loss(Handle input, Handle target, int64_t reduction) {
  return result([&] { return at::mse_loss(*Ref(input), *Ref(target), reduction); });
}
