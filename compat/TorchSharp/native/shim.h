// The C boundary between TorchSharp.dll and libtorch. Rules that hold for every exported function:
// * a tensor crosses as a TensorImpl* that owns one reference; null means "no tensor", or an error where a result is
// due;
//  * no exception crosses: the message is kept per thread and read with ts_error;
//  * nothing allocated here is freed there, nor the other way round.
#pragma once

#include <ATen/ATen.h>
#include <cstdint>
#include <cstring>
#include <string>

#define TS_API extern "C" __attribute__((visibility("default")))

namespace ts {

using Handle = c10::TensorImpl*;

// Debian 12 has c10::optional, newer libtorch std::optional: take whichever this libtorch's own API returns.
template <class T> struct Rebind;
template <template <class> class Optional, class U> struct Rebind<Optional<U>> {
  template <class T> using To = Optional<T>;
};
template <class T>
using Maybe = typename Rebind<decltype(at::TensorOptions{}.layout_opt())>::template To<T>;

struct Scalar {
  int64_t bits;
  int32_t kind;  // 0 double, 1 int64, 2 bool

  at::Scalar value() const {
    if (kind == 0) {
      double number;
      std::memcpy(&number, &bits, sizeof number);
      return number;
    }
    return kind == 1 ? at::Scalar(bits) : at::Scalar(bits != 0);
  }
};

// A tensor for the length of a call: takes the reference over and gives it back, so that no count is touched.
class Ref {
 public:
  explicit Ref(Handle handle) : tensor_(handle == nullptr ? at::Tensor() : at::Tensor(Pointer::reclaim(handle))) {}
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() {
    if (tensor_.defined()) tensor_.unsafeReleaseTensorImpl();
  }

  at::Tensor& operator*() { return tensor_; }
  at::Tensor* operator->() { return &tensor_; }
  Maybe<at::Tensor> optional() const { return tensor_.defined() ? Maybe<at::Tensor>(tensor_) : Maybe<at::Tensor>(); }

 private:
  using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  at::Tensor tensor_;
};

// Called first on every way in: a thread new to libtorch gets its thread count before anything can start a pool.
void start_thread();
extern thread_local bool thread_started __attribute__((tls_model("initial-exec")));

// Turns the exception in flight into this thread's error message.
void keep_error() noexcept;

inline Handle give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

template <class R, class Body> R guarded(R failed, Body&& body) noexcept {
  try {
    if (__builtin_expect(!thread_started, 0)) start_thread();
    return body();
  } catch (...) {
    keep_error();
    return failed;
  }
}

// A call whose result is a new tensor.
template <class Body> Handle result(Body&& body) noexcept {
  return guarded<Handle>(nullptr, [&] { return give(body()); });
}

// A call without a result: 0 when it went well.
template <class Body> int32_t status(Body&& body) noexcept {
  return guarded<int32_t>(1, [&] {
    body();
    return 0;
  });
}

inline at::IntArrayRef shape(const int64_t* values, int32_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline Maybe<at::ScalarType> type_or_none(int32_t type) {
  return type < 0 ? Maybe<at::ScalarType>() : Maybe<at::ScalarType>(static_cast<at::ScalarType>(type));
}

inline std::vector<at::Tensor> tensors(const Handle* handles, int32_t count) {
  std::vector<at::Tensor> list;
  list.reserve(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    Ref each(handles[i]);
    list.push_back(*each);
  }
  return list;
}

}  // namespace ts

using ts::Handle;
using ts::Ref;
using ts::result;
using ts::status;
