// What a tensor is: lifetime, shape, memory, conversion.
#include "shim.h"

// These six only read fields of a dense tensor and return at once: they are called without leaving the managed thread's
// mode.
TS_API int64_t ts_numel(Handle self) { return self->numel(); }
TS_API int64_t ts_dim(Handle self) { return self->dim(); }
TS_API const int64_t* ts_sizes(Handle self) { return self->sizes().data(); }
TS_API const int64_t* ts_strides(Handle self) { return self->strides().data(); }
TS_API int32_t ts_dtype(Handle self) { return static_cast<int32_t>(c10::typeMetaToScalarType(self->dtype())); }
TS_API int32_t ts_is_contiguous(Handle self) { return self->is_contiguous() ? 1 : 0; }

TS_API void ts_release(Handle self) { c10::raw::intrusive_ptr::decref(self); }

TS_API int64_t ts_element_size(Handle self) { return static_cast<int64_t>(self->dtype().itemsize()); }
TS_API int64_t ts_storage_offset(Handle self) { return self->storage_offset(); }

TS_API void* ts_data(Handle self) {
  return ts::guarded<void*>(nullptr, [&] { return Ref(self)->data_ptr(); });
}

TS_API Handle ts_clone(Handle self) {
  return result([&] { return Ref(self)->clone(); });
}

TS_API Handle ts_contiguous(Handle self) {
  return result([&] { return Ref(self)->contiguous(); });
}

TS_API Handle ts_to_type(Handle self, int32_t type, int32_t copy) {
  return result([&] { return Ref(self)->to(static_cast<at::ScalarType>(type), false, copy != 0); });
}

TS_API int32_t ts_copy_(Handle self, Handle source, int32_t non_blocking) {
  return status([&] { Ref(self)->copy_(*Ref(source), non_blocking != 0); });
}

TS_API int32_t ts_fill_(Handle self, ts::Scalar value) {
  return status([&] { Ref(self)->fill_(value.value()); });
}

// The number in a tensor of one element, as its own kind: floating point as a double's bits, else an integer.
TS_API int32_t ts_item(Handle self, ts::Scalar* out) {
  return status([&] {
    auto item = Ref(self)->item();
    if (item.isFloatingPoint()) {
      double number = item.toDouble();
      std::memcpy(&out->bits, &number, sizeof number);
      out->kind = 0;
    } else {
      out->kind = item.isBoolean() ? 2 : 1;
      out->bits = item.isBoolean() ? (item.toBool() ? 1 : 0) : item.toLong();
    }
  });
}
