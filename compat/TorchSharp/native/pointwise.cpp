// Functions of one element at a time, and comparisons.
#include "shim.h"

using ts::Scalar;

#define UNARY(name) \
  TS_API Handle ts_##name(Handle self) { return result([&] { return at::name(*Ref(self)); }); }

#define UNARY_BOTH(name) \
  UNARY(name)            \
  TS_API int32_t ts_##name##_(Handle self) { return status([&] { at::name##_(*Ref(self)); }); }

UNARY_BOTH(neg)
UNARY_BOTH(abs)
UNARY_BOTH(sqrt)
UNARY_BOTH(rsqrt)
UNARY_BOTH(exp)
UNARY_BOTH(log)
UNARY_BOTH(log1p)
UNARY_BOTH(reciprocal)
UNARY_BOTH(sigmoid)
UNARY_BOTH(tanh)
UNARY_BOTH(relu)
UNARY(sign)
UNARY(floor)
UNARY(logical_not)
UNARY(isfinite)
UNARY(isnan)
UNARY(isinf)

TS_API Handle ts_gelu(Handle self) {
  return result([&] { return at::gelu(*Ref(self)); });
}
TS_API int32_t ts_gelu_(Handle self) {
  return status([&] { at::gelu_(*Ref(self)); });
}
TS_API Handle ts_elu(Handle self, Scalar alpha, Scalar scale, Scalar input_scale) {
  return result([&] { return at::elu(*Ref(self), alpha.value(), scale.value(), input_scale.value()); });
}
TS_API int32_t ts_elu_(Handle self, Scalar alpha, Scalar scale, Scalar input_scale) {
  return status([&] { at::elu_(*Ref(self), alpha.value(), scale.value(), input_scale.value()); });
}
TS_API Handle ts_leaky_relu(Handle self, Scalar slope) {
  return result([&] { return at::leaky_relu(*Ref(self), slope.value()); });
}
TS_API int32_t ts_leaky_relu_(Handle self, Scalar slope) {
  return status([&] { at::leaky_relu_(*Ref(self), slope.value()); });
}
TS_API Handle ts_threshold(Handle self, Scalar threshold, Scalar value) {
  return result([&] { return at::threshold(*Ref(self), threshold.value(), value.value()); });
}
TS_API int32_t ts_threshold_(Handle self, Scalar threshold, Scalar value) {
  return status([&] { at::threshold_(*Ref(self), threshold.value(), value.value()); });
}

namespace {

ts::Maybe<at::Scalar> bound(const Scalar* value) {
  return value == nullptr ? ts::Maybe<at::Scalar>() : ts::Maybe<at::Scalar>(value->value());
}

}  // namespace

TS_API Handle ts_clamp(Handle self, const Scalar* min, const Scalar* max) {
  return result([&] { return at::clamp(*Ref(self), bound(min), bound(max)); });
}
TS_API int32_t ts_clamp_(Handle self, const Scalar* min, const Scalar* max) {
  return status([&] { at::clamp_(*Ref(self), bound(min), bound(max)); });
}
TS_API Handle ts_clamp_tensor(Handle self, Handle min, Handle max) {
  return result([&] { return at::clamp(*Ref(self), Ref(min).optional(), Ref(max).optional()); });
}
TS_API int32_t ts_clamp_tensor_(Handle self, Handle min, Handle max) {
  return status([&] { at::clamp_(*Ref(self), Ref(min).optional(), Ref(max).optional()); });
}

#define COMPARISON(name)                                                \
  TS_API Handle ts_##name(Handle self, Handle other) {                  \
    return result([&] { return at::name(*Ref(self), *Ref(other)); });   \
  }                                                                     \
  TS_API Handle ts_##name##_scalar(Handle self, Scalar other) {         \
    return result([&] { return at::name(*Ref(self), other.value()); }); \
  }

COMPARISON(eq)
COMPARISON(ne)
COMPARISON(gt)
COMPARISON(ge)
COMPARISON(lt)
COMPARISON(le)

#define PAIR(name)                                                    \
  TS_API Handle ts_##name(Handle self, Handle other) {                \
    return result([&] { return at::name(*Ref(self), *Ref(other)); }); \
  }

PAIR(maximum)
PAIR(minimum)
PAIR(bitwise_and)
PAIR(bitwise_or)
PAIR(bitwise_xor)

TS_API Handle ts_bitwise_not(Handle self) {
  return result([&] { return at::bitwise_not(*Ref(self)); });
}

TS_API int32_t ts_equal(Handle self, Handle other) {
  return ts::guarded<int32_t>(-1, [&] { return at::equal(*Ref(self), *Ref(other)) ? 1 : 0; });
}
TS_API int32_t ts_allclose(Handle self, Handle other, double rtol, double atol, int32_t equal_nan) {
  return ts::guarded<int32_t>(-1, [&] {
    return at::allclose(*Ref(self), *Ref(other), rtol, atol, equal_nan != 0) ? 1 : 0;
  });
}
