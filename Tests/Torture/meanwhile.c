// A shim that has something done the first time a program opens a file: what others may do meanwhile.
//
//   cc -shared -fPIC -O2 -o meanwhile.so meanwhile.c
//   LD_PRELOAD=./meanwhile.so MEANWHILE_AT=part- MEANWHILE_DO='a command of the shell' program
//
// For glibc on Linux.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static atomic_flag is_done = ATOMIC_FLAG_INIT;

static void meanwhile(const char *path) {
  const char *at = getenv("MEANWHILE_AT"), *what = getenv("MEANWHILE_DO");
  if (!at || !what || !strstr(path, at) || atomic_flag_test_and_set(&is_done)) return;
  unsetenv("LD_PRELOAD");
  if (system(what) != 0) abort();
}

#define MODE(flags)                                  \
  mode_t mode = 0;                                   \
  if ((flags) & (O_CREAT | O_TMPFILE)) {             \
    va_list rest;                                    \
    va_start(rest, flags);                           \
    mode = va_arg(rest, mode_t);                     \
    va_end(rest);                                    \
  }

#define OPEN(name)                                                                    \
  int name(const char *path, int flags, ...) {                                        \
    MODE(flags)                                                                       \
    meanwhile(path);                                                                  \
    return ((int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
  }
#define OPENAT(name)                                                                  \
  int name(int folder, const char *path, int flags, ...) {                            \
    MODE(flags)                                                                       \
    meanwhile(path);                                                                  \
    return ((int (*)(int, const char *, int, mode_t))dlsym(RTLD_NEXT, #name))(        \
        folder, path, flags, mode);                                                   \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
