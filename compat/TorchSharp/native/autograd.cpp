// Gradients: flags, modes, the backward pass.
#include "shim.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

TS_API int32_t ts_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
TS_API void ts_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

TS_API int32_t ts_inference_mode_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

// A guard belongs to the thread that made it and is undone there, last made first.
TS_API void* ts_inference_mode(int32_t enabled) {
  return ts::guarded<void*>(nullptr, [&] { return new c10::InferenceMode(enabled != 0); });
}
TS_API void ts_inference_mode_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

TS_API int32_t ts_requires_grad(Handle self) {
  return ts::guarded<int32_t>(-1, [&] { return Ref(self)->requires_grad() ? 1 : 0; });
}
TS_API int32_t ts_set_requires_grad(Handle self, int32_t requires_grad) {
  return status([&] { Ref(self)->set_requires_grad(requires_grad != 0); });
}
TS_API int32_t ts_is_leaf(Handle self) {
  return ts::guarded<int32_t>(-1, [&] { return Ref(self)->is_leaf() ? 1 : 0; });
}
TS_API int32_t ts_retain_grad(Handle self) {
  return status([&] { Ref(self)->retain_grad(); });
}

// Null is "no gradient" when *failed is 0.
TS_API Handle ts_grad(Handle self, int32_t* failed) {
  *failed = 1;
  return result([&] {
    at::Tensor grad = Ref(self)->grad();
    *failed = 0;
    return grad;
  });
}

TS_API int32_t ts_set_grad(Handle self, Handle grad) {
  return status([&] {
    Ref tensor(self);
    Ref value(grad);
    if (value->defined()) {
      TORCH_CHECK(tensor->sizes() == value->sizes(), "the gradient's shape ", value->sizes(),
                  " is not the tensor's shape ", tensor->sizes());
      TORCH_CHECK(tensor->scalar_type() == value->scalar_type(), "the gradient's type ", value->scalar_type(),
                  " is not the tensor's type ", tensor->scalar_type());
    }
    tensor->mutable_grad() = *value;
  });
}

TS_API Handle ts_detach(Handle self) {
  return result([&] { return Ref(self)->detach(); });
}
TS_API int32_t ts_detach_(Handle self) {
  return status([&] { Ref(self)->detach_(); });
}

TS_API int32_t ts_backward(const Handle* outputs, int32_t output_count, const Handle* grads, int32_t grad_count,
                           int32_t retain_graph, int32_t create_graph, const Handle* inputs, int32_t input_count) {
  return status([&] {
    torch::autograd::backward(ts::tensors(outputs, output_count), ts::tensors(grads, grad_count), retain_graph != 0,
                              create_graph != 0, ts::tensors(inputs, input_count));
  });
}

// One gradient an input into `results`; null where the input does not matter and that is allowed.
TS_API int32_t ts_autograd_grad(const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count,
                                const Handle* grads, int32_t grad_count, int32_t retain_graph, int32_t create_graph,
                                int32_t allow_unused, Handle* results) {
  return status([&] {
    auto found = torch::autograd::grad(ts::tensors(outputs, output_count), ts::tensors(inputs, input_count),
                                       ts::tensors(grads, grad_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = ts::give(std::move(found[i]));
  });
}
