// Views, and moving elements about.
#include "shim.h"

TS_API Handle ts_view(Handle self, const int64_t* sizes, int32_t count) {
  return result([&] { return Ref(self)->view(ts::shape(sizes, count)); });
}
TS_API Handle ts_reshape(Handle self, const int64_t* sizes, int32_t count) {
  return result([&] { return Ref(self)->reshape(ts::shape(sizes, count)); });
}
TS_API Handle ts_expand(Handle self, const int64_t* sizes, int32_t count, int32_t implicit) {
  return result([&] { return Ref(self)->expand(ts::shape(sizes, count), implicit != 0); });
}
TS_API Handle ts_permute(Handle self, const int64_t* dims, int32_t count) {
  return result([&] { return Ref(self)->permute(ts::shape(dims, count)); });
}
TS_API Handle ts_flatten(Handle self, int64_t start, int64_t end) {
  return result([&] { return Ref(self)->flatten(start, end); });
}
TS_API Handle ts_narrow(Handle self, int64_t dim, int64_t start, int64_t length) {
  return result([&] { return Ref(self)->narrow(dim, start, length); });
}
TS_API Handle ts_slice(Handle self, int64_t dim, int64_t start, int64_t finish, int64_t step) {
  return result([&] { return Ref(self)->slice(dim, start, finish, step); });
}
TS_API Handle ts_select(Handle self, int64_t dim, int64_t index) {
  return result([&] { return Ref(self)->select(dim, index); });
}
TS_API Handle ts_squeeze(Handle self) {
  return result([&] { return Ref(self)->squeeze(); });
}
TS_API Handle ts_squeeze_dim(Handle self, int64_t dim) {
  return result([&] { return Ref(self)->squeeze(dim); });
}
TS_API Handle ts_unsqueeze(Handle self, int64_t dim) {
  return result([&] { return Ref(self)->unsqueeze(dim); });
}
TS_API Handle ts_t(Handle self) {
  return result([&] { return Ref(self)->t(); });
}
TS_API Handle ts_transpose(Handle self, int64_t dim0, int64_t dim1) {
  return result([&] { return Ref(self)->transpose(dim0, dim1); });
}
TS_API Handle ts_alias(Handle self) {
  return result([&] { return Ref(self)->alias(); });
}

TS_API Handle ts_cat(const Handle* handles, int32_t count, int64_t dim) {
  return result([&] { return at::cat(ts::tensors(handles, count), dim); });
}
TS_API Handle ts_stack(const Handle* handles, int32_t count, int64_t dim) {
  return result([&] { return at::stack(ts::tensors(handles, count), dim); });
}

TS_API Handle ts_where(Handle condition, Handle self, Handle other) {
  return result([&] { return at::where(*Ref(condition), *Ref(self), *Ref(other)); });
}
TS_API Handle ts_masked_fill(Handle self, Handle mask, ts::Scalar value) {
  return result([&] { return at::masked_fill(*Ref(self), *Ref(mask), value.value()); });
}
TS_API int32_t ts_masked_fill_(Handle self, Handle mask, ts::Scalar value) {
  return status([&] { Ref(self)->masked_fill_(*Ref(mask), value.value()); });
}
TS_API Handle ts_gather(Handle self, int64_t dim, Handle index) {
  return result([&] { return at::gather(*Ref(self), dim, *Ref(index)); });
}
TS_API Handle ts_index_select(Handle self, int64_t dim, Handle index) {
  return result([&] { return at::index_select(*Ref(self), dim, *Ref(index)); });
}
TS_API int32_t ts_scatter_(Handle self, int64_t dim, Handle index, Handle source) {
  return status([&] { Ref(self)->scatter_(dim, *Ref(index), *Ref(source)); });
}
