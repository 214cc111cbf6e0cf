// Many elements to few: sums, extremes, norms, softmax.
#include "shim.h"

#define WHOLE(name) \
  TS_API Handle ts_##name(Handle self) { return result([&] { return at::name(*Ref(self)); }); }

WHOLE(all)
WHOLE(any)
WHOLE(max)
WHOLE(min)
WHOLE(argmax)
WHOLE(argmin)

#define ALONG(name)                                                                                  \
  TS_API Handle ts_##name##_dim(Handle self, int64_t dim, int32_t keepdim) {                         \
    return result([&] { return at::name(*Ref(self), dim, keepdim != 0); });                          \
  }

ALONG(all)
ALONG(any)
ALONG(argmax)
ALONG(argmin)

#define EXTREME_ALONG(name)                                                                          \
  TS_API int32_t ts_##name##_dim(Handle self, int64_t dim, int32_t keepdim, Handle* values, Handle* indexes) { \
    return status([&] {                                                                              \
      auto pair = at::name(*Ref(self), dim, keepdim != 0);                                           \
      *values = ts::give(std::move(std::get<0>(pair)));                                              \
      *indexes = ts::give(std::move(std::get<1>(pair)));                                             \
    });                                                                                              \
  }

EXTREME_ALONG(max)
EXTREME_ALONG(min)

#define TOTAL(name)                                                                                  \
  TS_API Handle ts_##name(Handle self, int32_t type) {                                               \
    return result([&] { return at::name(*Ref(self), ts::type_or_none(type)); });                     \
  }                                                                                                  \
  TS_API Handle ts_##name##_dims(Handle self, const int64_t* dims, int32_t count, int32_t keepdim, int32_t type) { \
    return result([&] {                                                                              \
      return at::name(*Ref(self), ts::shape(dims, count), keepdim != 0, ts::type_or_none(type));     \
    });                                                                                              \
  }

TOTAL(sum)
TOTAL(mean)

#define SPREAD(name)                                                                                 \
  TS_API Handle ts_##name(Handle self, int32_t unbiased) {                                           \
    return result([&] { return at::name(*Ref(self), unbiased != 0); });                              \
  }                                                                                                  \
  TS_API Handle ts_##name##_dims(Handle self, const int64_t* dims, int32_t count, int32_t unbiased, int32_t keepdim) { \
    return result([&] { return at::name(*Ref(self), ts::shape(dims, count), unbiased != 0, keepdim != 0); }); \
  }

SPREAD(var)
SPREAD(std)

TS_API Handle ts_norm(Handle self, float p) {
  return result([&] { return at::norm(*Ref(self), p); });
}
TS_API Handle ts_norm_dim(Handle self, int64_t dim, int32_t keepdim, float p) {
  return result([&] { return at::norm(*Ref(self), p, dim, keepdim != 0); });
}

TS_API Handle ts_softmax(Handle self, int64_t dim, int32_t type) {
  return result([&] { return at::softmax(*Ref(self), dim, ts::type_or_none(type)); });
}
TS_API Handle ts_log_softmax(Handle self, int64_t dim, int32_t type) {
  return result([&] { return at::log_softmax(*Ref(self), dim, ts::type_or_none(type)); });
}
