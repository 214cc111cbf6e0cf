// Loading, threads, errors.
#include "shim.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <link.h>
#include <torch/version.h>

#include <mutex>
#include <vector>

namespace ts {

thread_local bool thread_started = false;

namespace {

thread_local std::string error_message;

int collect_blas(dl_phdr_info* info, size_t, void* names) {
  if (std::strstr(info->dlpi_name, "blas") != nullptr) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(info->dlpi_name);
  }
  return 0;
}

// Asked of the loaded library itself, so that neither the environment nor the order of loading matters. OpenBLAS's own
// pool beside OpenMP's makes two threads slower than one. Its serial build has no pool, but no locks either: threads
// that multiply side by side overwrite each other's buffers and get wrong numbers (seen with 0.3.21), so it is refused.
void use_one_blas_thread() {
  std::vector<std::string> names;
  dl_iterate_phdr(collect_blas, &names);
  for (const auto& name : names) {
    void* library = dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) continue;
    auto parallel = reinterpret_cast<int (*)()>(dlsym(library, "openblas_get_parallel"));
    TORCH_CHECK(parallel == nullptr || parallel() != 0, "the serial build of OpenBLAS (", name,
                ") computes wrong results when several threads train. Install the threaded one, of which one thread is used: "
                "sudo apt-get install -y libopenblas0-pthread, and if both are there: "
                "sudo update-alternatives --auto libopenblas.so.0-$(uname -m)-linux-gnu");
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(library, "openblas_set_num_threads"))) set(1);
    dlclose(library);
  }
}

}  // namespace

// OpenMP's thread count belongs to the calling thread, and libtorch sets it only on the way into its own loops: oneDNN,
// called before any of those, would still start a thread per core.
void start_thread() {
  thread_started = true;
  at::init_num_threads();
}

void keep_error() noexcept {
  try {
    try {
      throw;
    } catch (const c10::Error& error) {
      error_message = error.what_without_backtrace();
    } catch (const std::exception& error) {
      error_message = error.what();
    } catch (...) {
      error_message = "libtorch threw something that is no std::exception";
    }
    if (error_message.empty()) error_message = "libtorch threw an exception without a message";
  } catch (...) {
    error_message.clear();
  }
}

}  // namespace ts

TS_API int32_t ts_initialize() {
  return status([] {
    static std::once_flag once;
    std::call_once(once, [] {
      at::set_num_threads(1);
      ts::use_one_blas_thread();
    });
  });
}

// The message stays valid until the calling thread's next failure; null when memory ran out while keeping it.
TS_API const char* ts_error() { return ts::error_message.empty() ? nullptr : ts::error_message.c_str(); }

TS_API const char* ts_version() { return TORCH_VERSION; }

TS_API int32_t ts_get_num_threads() {
  return ts::guarded<int32_t>(-1, [] { return at::get_num_threads(); });
}

TS_API int32_t ts_set_num_threads(int32_t count) {
  return status([&] { at::set_num_threads(count); });
}

TS_API int32_t ts_get_num_interop_threads() {
  return ts::guarded<int32_t>(-1, [] { return static_cast<int32_t>(at::get_num_interop_threads()); });
}

TS_API int32_t ts_set_num_interop_threads(int32_t count) {
  return status([&] { at::set_num_interop_threads(count); });
}
