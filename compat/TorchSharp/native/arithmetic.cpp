// Sums, products and the fused forms of them that optimizers use.
#include "shim.h"

using ts::Scalar;

TS_API Handle ts_add(Handle self, Handle other, Scalar alpha) {
  return result([&] { return at::add(*Ref(self), *Ref(other), alpha.value()); });
}
TS_API Handle ts_add_scalar(Handle self, Scalar other, Scalar alpha) {
  return result([&] { return at::add(*Ref(self), other.value(), alpha.value()); });
}
TS_API int32_t ts_add_(Handle self, Handle other, Scalar alpha) {
  return status([&] { Ref(self)->add_(*Ref(other), alpha.value()); });
}
TS_API int32_t ts_add_scalar_(Handle self, Scalar other, Scalar alpha) {
  return status([&] { Ref(self)->add_(other.value(), alpha.value()); });
}

#define BINARY(name)                                                         \
  TS_API Handle ts_##name(Handle self, Handle other) {                       \
    return result([&] { return at::name(*Ref(self), *Ref(other)); });        \
  }                                                                          \
  TS_API Handle ts_##name##_scalar(Handle self, Scalar other) {              \
    return result([&] { return at::name(*Ref(self), other.value()); });      \
  }                                                                          \
  TS_API int32_t ts_##name##_(Handle self, Handle other) {                   \
    return status([&] { Ref(self)->name##_(*Ref(other)); });                 \
  }                                                                          \
  TS_API int32_t ts_##name##_scalar_(Handle self, Scalar other) {            \
    return status([&] { Ref(self)->name##_(other.value()); });               \
  }

BINARY(sub)
BINARY(mul)
BINARY(div)
BINARY(pow)
BINARY(remainder)

TS_API Handle ts_rsub_scalar(Handle self, Scalar other) {
  return result([&] { return at::rsub(*Ref(self), other.value()); });
}

// mode: 1 towards zero, 2 down.
TS_API Handle ts_div_rounded(Handle self, Handle other, int32_t mode) {
  return result([&] { return at::div(*Ref(self), *Ref(other), mode == 1 ? "trunc" : "floor"); });
}
TS_API Handle ts_div_scalar_rounded(Handle self, Scalar other, int32_t mode) {
  return result([&] { return at::div(*Ref(self), other.value(), mode == 1 ? "trunc" : "floor"); });
}
TS_API int32_t ts_div_rounded_(Handle self, Handle other, int32_t mode) {
  return status([&] { Ref(self)->div_(*Ref(other), mode == 1 ? "trunc" : "floor"); });
}
TS_API int32_t ts_div_scalar_rounded_(Handle self, Scalar other, int32_t mode) {
  return status([&] { Ref(self)->div_(other.value(), mode == 1 ? "trunc" : "floor"); });
}

#define FUSED(name)                                                                            \
  TS_API Handle ts_##name(Handle self, Handle first, Handle second, Scalar value) {            \
    return result([&] { return at::name(*Ref(self), *Ref(first), *Ref(second), value.value()); }); \
  }                                                                                            \
  TS_API int32_t ts_##name##_(Handle self, Handle first, Handle second, Scalar value) {        \
    return status([&] { Ref(self)->name##_(*Ref(first), *Ref(second), value.value()); });      \
  }

FUSED(addcmul)
FUSED(addcdiv)

TS_API Handle ts_lerp(Handle self, Handle end, Handle weight) {
  return result([&] { return at::lerp(*Ref(self), *Ref(end), *Ref(weight)); });
}
TS_API int32_t ts_lerp_(Handle self, Handle end, Handle weight) {
  return status([&] { Ref(self)->lerp_(*Ref(end), *Ref(weight)); });
}

TS_API Handle ts_mm(Handle self, Handle other) {
  return result([&] { return at::mm(*Ref(self), *Ref(other)); });
}
TS_API Handle ts_matmul(Handle self, Handle other) {
  return result([&] { return at::matmul(*Ref(self), *Ref(other)); });
}
TS_API Handle ts_addmm(Handle self, Handle first, Handle second, float beta, float alpha) {
  return result([&] { return at::addmm(*Ref(self), *Ref(first), *Ref(second), beta, alpha); });
}
TS_API int32_t ts_addmm_(Handle self, Handle first, Handle second, float beta, float alpha) {
  return status([&] { Ref(self)->addmm_(*Ref(first), *Ref(second), beta, alpha); });
}
