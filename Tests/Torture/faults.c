// A shim between a program and the disk: counts every call by which the program changes files or
// makes them durable, writes each down, and lets one of them fail or be the program's last.
//
//   cc -shared -fPIC -O2 -o faults.so faults.c
//   LD_PRELOAD=./faults.so FAULTS_ROOT=folder FAULTS_AT=17 FAULTS_DO=kill-before program
//
// Environment:
//   FAULTS_ROOT    only files below this folder count; without it the shim does nothing
//   FAULTS_READS   "1": reads, and opening to read, count too
//   FAULTS_LOG     a file to which every call appends "number call result path[ -> path]", after it
//                  was made; a call that the program does not survive has the result "killed"
//   FAULTS_AT      the number of the call to which something happens; the first is 1
//   FAULTS_DO      what happens:
//                  kill-before  the program is killed (SIGKILL), and the call is not made
//                  kill-after   it is killed when the call has been made
//                  kill-half    of a write the first half is made, then it is killed
//                  short        of a read or write at most the first half is done
//                  ENOSPC, EIO, EMFILE, ENFILE, EINTR, EROFS, EDQUOT, EACCES
//                               the call is not made and fails (a close is made, and fails)
//                  late-EIO     the call is made, and fails all the same, as over a network
//   FAULTS_STICKY  "1": from there on every call fails to which the error can happen, as on a disk
//                  that is full or gone
//
// For glibc on Linux. Calls are numbered in the order in which they begin, whatever their thread.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
  kind_open_write = 1,
  kind_open_read = 2,
  kind_data = 4,
  kind_name = 8,
  kind_removal = 16,
  kind_sync = 32,
  kind_close = 64,
  kind_read = 128,
};

static const struct {
  const char *name;
  int number;
  int kinds;  // to which it can happen when it is sticky
} errors[] = {
    {"ENOSPC", ENOSPC, kind_open_write | kind_data | kind_name | kind_sync},
    {"EDQUOT", EDQUOT, kind_open_write | kind_data | kind_name | kind_sync},
    {"EROFS", EROFS, kind_open_write | kind_name | kind_removal},
    {"EACCES", EACCES, kind_open_write | kind_open_read | kind_name | kind_removal},
    {"EMFILE", EMFILE, kind_open_write | kind_open_read},
    {"ENFILE", ENFILE, kind_open_write | kind_open_read},
    {"EIO", EIO, -1},
    {"EINTR", EINTR, -1},
};

enum action { do_nothing, do_kill_before, do_kill_after, do_kill_half, do_short, do_fail, do_late };

static struct {
  char root[PATH_MAX];
  size_t root_length;
  int log;
  long at;
  bool counts_reads, is_sticky;
  enum action action;
  int error, error_kinds;
} plan;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static long counter;

// The real function behind the one of the same name here.
#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) {
    fprintf(stderr, "faults: no %s\n", name);
    _exit(127);
  }
  return found;
}

static void take_error(const char *name) {
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (strcmp(name, errors[i].name) != 0) continue;
    plan.action = do_fail;
    plan.error = errors[i].number;
    plan.error_kinds = errors[i].kinds;
    return;
  }
  fprintf(stderr, "faults: FAULTS_DO=%s is nothing that can be done\n", name);
  _exit(127);
}

static void prepare(void) {
  plan.log = -1;
  const char *root = getenv("FAULTS_ROOT");
  if (root == NULL || realpath(root, plan.root) == NULL) return;
  plan.root_length = strlen(plan.root);
  const char *reads = getenv("FAULTS_READS"), *at = getenv("FAULTS_AT"), *log = getenv("FAULTS_LOG");
  const char *what = getenv("FAULTS_DO"), *sticky = getenv("FAULTS_STICKY");
  plan.counts_reads = reads != NULL && *reads == '1';
  plan.is_sticky = sticky != NULL && *sticky == '1';
  plan.at = at != NULL ? atol(at) : 0;
  if (log != NULL) {
    plan.log = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    // Out of the way of descriptors that the program may count on.
    int high = fcntl(plan.log, F_DUPFD_CLOEXEC, 200);
    if (high >= 0) {
      syscall(SYS_close, plan.log);
      plan.log = high;
    }
  }
  if (what == NULL || *what == 0 || plan.at <= 0) return;
  plan.error_kinds = -1;
  if (strcmp(what, "kill-before") == 0) plan.action = do_kill_before;
  else if (strcmp(what, "kill-after") == 0) plan.action = do_kill_after;
  else if (strcmp(what, "kill-half") == 0) plan.action = do_kill_half;
  else if (strcmp(what, "short") == 0) plan.action = do_short;
  else if (strcmp(what, "late-EIO") == 0) {
    plan.action = do_late;
    plan.error = EIO;
  } else take_error(what);
}

// --- Which calls count ---------------------------------------------------------------------------

// The absolute path of `name` in the folder of `directory`; without links resolved, which is enough
// as long as the program does not make any.
static void absolute(int directory, const char *name, char path[PATH_MAX]) {
  char above[PATH_MAX] = "";
  if (name[0] != '/') {
    if (directory == AT_FDCWD) {
      if (syscall(SYS_getcwd, above, sizeof above) < 0) above[0] = 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
      ssize_t length = readlink(link, above, sizeof above - 1);
      above[length < 0 ? 0 : length] = 0;
    }
  }
  while (strncmp(name, "./", 2) == 0) name += 2;
  if (snprintf(path, PATH_MAX, "%s%s%s", above, name[0] == '/' ? "" : "/", name) >= PATH_MAX)
    path[0] = 0;
}

static void path_of(int descriptor, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
}

static bool is_below_root(const char *path) {
  return plan.root_length > 0 && strncmp(path, plan.root, plan.root_length) == 0 &&
         (path[plan.root_length] == '/' || path[plan.root_length] == 0);
}

// What becomes of one call.
struct call {
  long number;  // 0 if it does not count
  const char *name;
  enum action action;
  char path[PATH_MAX], other[PATH_MAX];
};

static void say(const struct call *call, long long result) {
  if (plan.log < 0 || call->number == 0) return;
  char line[2 * PATH_MAX + 128], shown[32];
  if (result == LLONG_MIN) snprintf(shown, sizeof shown, "killed");
  else snprintf(shown, sizeof shown, "%lld", result);
  const char *path = call->path + plan.root_length + (call->path[plan.root_length] == '/');
  const char *other = call->other;
  if (*other != 0) other += plan.root_length + (other[plan.root_length] == '/');
  int length = snprintf(line, sizeof line, "%ld %s %s %s%s%s\n", call->number, call->name, shown,
                        *path != 0 ? path : ".", *other != 0 ? " -> " : "", other);
  syscall(SYS_write, plan.log, line, length);
}

static void die(const struct call *call) {
  say(call, LLONG_MIN);
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// To be asked before the real call. With `path` set in `call`; `other` only where there is one.
static void begin(struct call *call, const char *name, enum kind kind) {
  int saved = errno;
  call->number = 0;
  call->name = name;
  call->action = do_nothing;
  bool is_read = kind == kind_read || kind == kind_open_read;
  bool is_ours = is_below_root(call->path) || (call->other[0] != 0 && is_below_root(call->other));
  if (is_ours && (!is_read || plan.counts_reads)) {
    call->number = __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
    bool is_after = plan.is_sticky && call->number > plan.at && (plan.error_kinds & kind) != 0;
    if (call->number == plan.at || is_after) call->action = plan.action;
    if (call->action == do_kill_before) die(call);
  }
  errno = saved;
}

// To be asked behind it; returns what the program is told.
static long long end(struct call *call, long long result) {
  int code = errno;
  if (call->action == do_kill_after || call->action == do_kill_half) die(call);
  if (call->action == do_late) {
    result = -1;
    code = plan.error;
  }
  say(call, result < 0 ? -code : result);
  errno = code;
  return result;
}

static bool fails(struct call *call) {
  if (call->action != do_fail) return false;
  say(call, -plan.error);
  errno = plan.error;
  return true;
}

static size_t allowed(const struct call *call, size_t length) {
  bool is_cut = call->action == do_short || call->action == do_kill_half;
  return is_cut && length > 1 ? length / 2 : length;
}

static void at_path(struct call *call, int directory, const char *path) {
  pthread_once(&once, prepare);
  call->other[0] = 0;
  absolute(directory, path, call->path);
}

static void at_descriptor(struct call *call, int descriptor) {
  pthread_once(&once, prepare);
  call->other[0] = 0;
  call->path[0] = 0;
  if (plan.root_length > 0) path_of(descriptor, call->path);
}

// --- Opening and closing -------------------------------------------------------------------------

static int opened(int directory, const char *path, int flags, mode_t mode) {
  struct call call;
  at_path(&call, directory, path);
  bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  begin(&call, writes ? "create" : "open", writes ? kind_open_write : kind_open_read);
  if (fails(&call)) return -1;
  int descriptor = REAL(openat)(directory, path, flags, mode);
  int result = (int)end(&call, descriptor);
  if (result < 0 && descriptor >= 0) syscall(SYS_close, descriptor);
  return result;
}

#define MODE(flags)                                      \
  mode_t mode = 0;                                       \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                 \
    va_list rest;                                        \
    va_start(rest, flags);                               \
    mode = (mode_t)va_arg(rest, int);                    \
    va_end(rest);                                        \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  MODE(flags)
  return opened(directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...) {
  MODE(flags)
  return opened(directory, path, flags | O_LARGEFILE, mode);
}

// With _FORTIFY_SOURCE, open without a mode comes here.
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags | O_LARGEFILE, 0); }
int __openat_2(int directory, const char *path, int flags) { return opened(directory, path, flags, 0); }
int __openat64_2(int directory, const char *path, int flags) {
  return opened(directory, path, flags | O_LARGEFILE, 0);
}

int creat(const char *path, mode_t mode) {
  return opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
int creat64(const char *path, mode_t mode) {
  return opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_LARGEFILE, mode);
}

int close(int descriptor) {
  struct call call;
  at_descriptor(&call, descriptor);
  int flags = plan.root_length > 0 ? fcntl(descriptor, F_GETFL) : -1;
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return REAL(close)(descriptor);
  begin(&call, "close", kind_close);
  int result = REAL(close)(descriptor);
  if (fails(&call)) return -1;
  return (int)end(&call, result);
}

// --- Contents ------------------------------------------------------------------------------------

#define TRANSFER(call, descriptor, title, kind, length, expression) \
  struct call call;                                                 \
  at_descriptor(&call, descriptor);                                 \
  begin(&call, title, kind);                                        \
  if (fails(&call)) return -1;                                      \
  length = allowed(&call, length);                                  \
  return (ssize_t)end(&call, expression);

ssize_t write(int descriptor, const void *from, size_t length) {
  TRANSFER(call, descriptor, "write", kind_data, length, REAL(write)(descriptor, from, length))
}

ssize_t pwrite(int descriptor, const void *from, size_t length, off_t offset) {
  TRANSFER(call, descriptor, "pwrite", kind_data, length, REAL(pwrite)(descriptor, from, length, offset))
}

ssize_t pwrite64(int descriptor, const void *from, size_t length, off64_t offset) {
  TRANSFER(call, descriptor, "pwrite", kind_data, length, REAL(pwrite64)(descriptor, from, length, offset))
}

ssize_t read(int descriptor, void *to, size_t length) {
  TRANSFER(call, descriptor, "read", kind_read, length, REAL(read)(descriptor, to, length))
}

ssize_t pread(int descriptor, void *to, size_t length, off_t offset) {
  TRANSFER(call, descriptor, "pread", kind_read, length, REAL(pread)(descriptor, to, length, offset))
}

ssize_t pread64(int descriptor, void *to, size_t length, off64_t offset) {
  TRANSFER(call, descriptor, "pread", kind_read, length, REAL(pread64)(descriptor, to, length, offset))
}

#define ON_DESCRIPTOR(name, title, kind, parameters, ...)  \
  int name parameters {                                    \
    struct call call;                                      \
    at_descriptor(&call, descriptor);                      \
    begin(&call, title, kind);                             \
    if (fails(&call)) return -1;                           \
    return (int)end(&call, REAL(name)(__VA_ARGS__));       \
  }

ON_DESCRIPTOR(ftruncate, "truncate", kind_data, (int descriptor, off_t length), descriptor, length)
ON_DESCRIPTOR(ftruncate64, "truncate", kind_data, (int descriptor, off64_t length), descriptor, length)
ON_DESCRIPTOR(fchmod, "chmod", kind_name, (int descriptor, mode_t mode), descriptor, mode)

// --- Durability ----------------------------------------------------------------------------------

ON_DESCRIPTOR(fsync, "fsync", kind_sync, (int descriptor), descriptor)
ON_DESCRIPTOR(fdatasync, "fdatasync", kind_sync, (int descriptor), descriptor)
ON_DESCRIPTOR(syncfs, "syncfs", kind_sync, (int descriptor), descriptor)

void sync(void) {
  struct call call;
  at_path(&call, AT_FDCWD, plan.root);
  begin(&call, "sync", kind_sync);
  REAL(sync)();
  end(&call, 0);
}

// --- Names ---------------------------------------------------------------------------------------

static int renamed(int above, const char *from, int below, const char *to, unsigned flags) {
  struct call call;
  at_path(&call, above, from);
  absolute(below, to, call.other);
  begin(&call, "rename", kind_name);
  if (fails(&call)) return -1;
  int result = flags == 0 ? REAL(renameat)(above, from, below, to)
                          : REAL(renameat2)(above, from, below, to, flags);
  return (int)end(&call, result);
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int above, const char *from, int below, const char *to) {
  return renamed(above, from, below, to, 0);
}
int renameat2(int above, const char *from, int below, const char *to, unsigned flags) {
  return renamed(above, from, below, to, flags);
}

static int linked(int above, const char *from, int below, const char *to, int flags) {
  struct call call;
  at_path(&call, above, from);
  absolute(below, to, call.other);
  begin(&call, "link", kind_name);
  if (fails(&call)) return -1;
  return (int)end(&call, REAL(linkat)(above, from, below, to, flags));
}

int link(const char *from, const char *to) { return linked(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int above, const char *from, int below, const char *to, int flags) {
  return linked(above, from, below, to, flags);
}

#define ON_PATH(name, title, kind, directory, parameters, ...) \
  int name parameters {                                        \
    struct call call;                                          \
    at_path(&call, directory, path);                           \
    begin(&call, title, kind);                                 \
    if (fails(&call)) return -1;                               \
    return (int)end(&call, REAL(name)(__VA_ARGS__));           \
  }

ON_PATH(unlink, "unlink", kind_removal, AT_FDCWD, (const char *path), path)
ON_PATH(rmdir, "rmdir", kind_removal, AT_FDCWD, (const char *path), path)
ON_PATH(mkdir, "mkdir", kind_name, AT_FDCWD, (const char *path, mode_t mode), path, mode)
ON_PATH(mkdirat, "mkdir", kind_name, above, (int above, const char *path, mode_t mode), above, path, mode)
ON_PATH(chmod, "chmod", kind_name, AT_FDCWD, (const char *path, mode_t mode), path, mode)
ON_PATH(truncate, "truncate", kind_data, AT_FDCWD, (const char *path, off_t length), path, length)
ON_PATH(truncate64, "truncate", kind_data, AT_FDCWD, (const char *path, off64_t length), path, length)

int unlinkat(int above, const char *path, int flags) {
  struct call call;
  at_path(&call, above, path);
  begin(&call, (flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", kind_removal);
  if (fails(&call)) return -1;
  return (int)end(&call, REAL(unlinkat)(above, path, flags));
}
