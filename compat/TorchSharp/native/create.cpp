// New tensors. The factories of at:: know no gradients: the flag is set afterwards, as torch:: does.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

namespace {

at::TensorOptions of_type(int32_t type) { return at::TensorOptions().dtype(static_cast<at::ScalarType>(type)); }

template <class Body> Handle created(int32_t requires_grad, Body&& body) noexcept {
  return result([&] {
    at::Tensor tensor = body();
    if (requires_grad != 0) tensor.set_requires_grad(true);
    return tensor;
  });
}

}  // namespace

#define FACTORY(name)                                                                                       \
  TS_API Handle ts_##name(const int64_t* sizes, int32_t count, int32_t type, int32_t requires_grad) {       \
    return created(requires_grad, [&] { return at::name(ts::shape(sizes, count), of_type(type)); });        \
  }

FACTORY(empty)
FACTORY(zeros)
FACTORY(ones)

// Random numbers come from the given generator, or from the process's own where it is null.
#define RANDOM(name)                                                                                        \
  TS_API Handle ts_##name(const int64_t* sizes, int32_t count, at::Generator* generator, int32_t type,      \
                          int32_t requires_grad) {                                                          \
    return created(requires_grad, [&] {                                                                     \
      auto chosen = generator == nullptr ? ts::Maybe<at::Generator>() : ts::Maybe<at::Generator>(*generator); \
      return at::name(ts::shape(sizes, count), chosen, of_type(type));                                      \
    });                                                                                                     \
  }

RANDOM(rand)
RANDOM(randn)

TS_API at::Generator* ts_generator(int64_t seed) {
  return ts::guarded<at::Generator*>(nullptr, [&] {
    return new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
  });
}
TS_API at::Generator* ts_default_generator() {
  return ts::guarded<at::Generator*>(nullptr, [] { return new at::Generator(at::detail::getDefaultCPUGenerator()); });
}
TS_API void ts_generator_release(at::Generator* generator) { delete generator; }
TS_API int64_t ts_generator_seed(at::Generator* generator) { return static_cast<int64_t>(generator->current_seed()); }
TS_API int32_t ts_generator_set_seed(at::Generator* generator, int64_t seed) {
  return status([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(static_cast<uint64_t>(seed));
  });
}

#define FACTORY_LIKE(name)                                                                                  \
  TS_API Handle ts_##name(Handle self, int32_t type, int32_t requires_grad) {                               \
    return created(requires_grad, [&] {                                                                     \
      return type < 0 ? at::name(*Ref(self)) : at::name(*Ref(self), of_type(type));                         \
    });                                                                                                     \
  }

FACTORY_LIKE(empty_like)
FACTORY_LIKE(zeros_like)
FACTORY_LIKE(ones_like)
FACTORY_LIKE(rand_like)
FACTORY_LIKE(randn_like)

TS_API Handle ts_full(const int64_t* sizes, int32_t count, ts::Scalar value, int32_t type, int32_t requires_grad) {
  return created(requires_grad, [&] { return at::full(ts::shape(sizes, count), value.value(), of_type(type)); });
}

TS_API Handle ts_full_like(Handle self, ts::Scalar value, int32_t type, int32_t requires_grad) {
  return created(requires_grad, [&] {
    return type < 0 ? at::full_like(*Ref(self), value.value())
                    : at::full_like(*Ref(self), value.value(), of_type(type));
  });
}

TS_API Handle ts_arange(ts::Scalar start, ts::Scalar stop, ts::Scalar step, int32_t type, int32_t requires_grad) {
  return created(requires_grad, [&] {
    return at::arange(start.value(), stop.value(), step.value(), of_type(type));
  });
}

TS_API Handle ts_eye(int64_t rows, int64_t columns, int32_t type, int32_t requires_grad) {
  return created(requires_grad, [&] { return at::eye(rows, columns, of_type(type)); });
}

// A tensor over the caller's memory; `release(context)` runs when the last tensor over it is gone, on whichever thread
// that is. After a failure it has run already, or never will: *taken says whether the memory is libtorch's to release.
TS_API Handle ts_from_memory(void* data, const int64_t* sizes, int32_t count, int32_t type, int32_t requires_grad,
                             void (*release)(void*), void* context, int32_t* taken) {
  *taken = 0;
  return created(requires_grad, [&] {
    auto deleter = [release, context](void*) { release(context); };
    at::Tensor tensor = at::from_blob(data, ts::shape(sizes, count), deleter, of_type(type));
    *taken = 1;
    return tensor;
  });
}
