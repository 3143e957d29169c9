/* Stands between a process and its files (LD_PRELOAD on Linux with glibc), and lets the n-th operation below a folder fail.
 *
 * Everything that Node does with files comes by here: its own calls, those of its threads, and those of what is compiled to
 * WebAssembly. The process gives orders by opening paths that do not exist:
 *   /fault/<kind>/<n>/<folder>   operations below the folder are counted from here on, and the n-th one fails (0: none)
 * and reads back by readlink("/fault/points") how many there were, and by readlink("/fault/which") which one failed.
 *
 * Kinds: EIO (one operation fails), ENOSPC (from this one on, everything that takes space), short (a read or write of half of
 * what was asked), kill (the process dies before the operation; of a write, half is written).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE, EIO_ONCE, ENOSPC_FROM, SHORT, KILL };
/* What an operation is: which faults it can have. */
enum what { SPACE = 1, READS = 2, BYTES = 4, OTHER = 8 };

#define MOST_FILES 65536
static _Atomic char watched[MOST_FILES];
static char root[PATH_MAX];
static _Atomic int kind = NONE;
static _Atomic long at = 0;
static _Atomic long points = 0;
static _Atomic int is_full = 0;
static char which[PATH_MAX + 64] = "none";

#define REAL(name) \
  static __typeof__(&name) real = NULL; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int is_below(const char *path) {
  char whole[2 * PATH_MAX];
  if (kind == NONE || path == NULL) return 0;
  if (path[0] != '/') {
    char here[PATH_MAX];
    if (getcwd(here, sizeof here) == NULL) return 0;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    path = whole;
  }
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int is_watched(int file) { return kind != NONE && file >= 0 && file < MOST_FILES && watched[file]; }

static int applies(int what) {
  switch (kind) {
    case EIO_ONCE: return 1;
    case ENOSPC_FROM: return (what & SPACE) != 0;
    case SHORT: return (what & BYTES) != 0;
    case KILL: return (what & READS) == 0;
    default: return 0;
  }
}

/* Whether this operation is the one. */
static int is_chosen(const char *name, const char *path, int what) {
  if (!applies(what)) return 0;
  long number = atomic_fetch_add(&points, 1) + 1;
  if (is_full) return 1;
  if (number != at) return 0;
  if (kind == ENOSPC_FROM) is_full = 1;
  snprintf(which, sizeof which, "%s %s", name, path);
  return 1;
}

static int error_of(void) { return kind == ENOSPC_FROM ? ENOSPC : EIO; }

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* @returns whether the operation is to fail; errno says with what */
static int fails(const char *name, const char *path, int what) {
  if (!is_chosen(name, path, what)) return 0;
  if (kind == KILL) die();
  errno = error_of();
  return 1;
}

static int order(const char *path) {
  if (strncmp(path, "/fault/", 7) != 0) return 0;
  char name[16] = "";
  long number = 0;
  int used = 0;
  if (sscanf(path, "/fault/%15[^/]/%ld%n", name, &number, &used) == 2) {
    kind = NONE;
    memset((void *)watched, 0, sizeof watched);
    snprintf(root, sizeof root, "%s", path + used);
    snprintf(which, sizeof which, "none");
    points = 0;
    is_full = 0;
    at = number;
    kind = !strcmp(name, "EIO") ? EIO_ONCE : !strcmp(name, "ENOSPC") ? ENOSPC_FROM : !strcmp(name, "short") ? SHORT
           : !strcmp(name, "kill") ? KILL : NONE;
  }
  errno = ENOENT;
  return 1;
}

static int watch(int file, int below) {
  if (file >= 0 && file < MOST_FILES) watched[file] = (char)below;
  return file;
}

static int what_of(int flags) { return flags & O_CREAT ? SPACE : (flags & O_ACCMODE) == O_RDONLY ? READS : OTHER; }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = va_arg(list, mode_t); \
    va_end(list); \
    if (order(path)) return -1; \
    int below = is_below(path); \
    if (below && fails("open", path, what_of(flags))) return -1; \
    return watch(real(path, flags, mode), below); \
  }
OPEN(open)
OPEN(open64)

ssize_t readlink(const char *path, char *out, size_t size) {
  REAL(readlink);
  if (strncmp(path, "/fault/", 7) != 0) return real(path, out, size);
  char text[PATH_MAX + 64];
  if (!strcmp(path, "/fault/points")) snprintf(text, sizeof text, "%ld", (long)points);
  else snprintf(text, sizeof text, "%s", which);
  size_t length = strlen(text) < size ? strlen(text) : size;
  memcpy(out, text, length);
  return (ssize_t)length;
}

int close(int file) {
  REAL(close);
  int is_ours = is_watched(file);
  if (is_ours && kind == KILL && fails("close", "", OTHER)) return -1;
  int result = real(file);
  if (!is_ours) return result;
  watched[file] = 0;
  return fails("close", "", OTHER) ? -1 : result;
}

/* Half of what was asked for; at least a byte. */
static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

/* 0: as asked. -1: it fails. 1: half of it. */
static int bytes(const char *name, int file, int what, size_t size) {
  if (!is_watched(file) || (kind == SHORT && size < 2)) return 0;
  if (!is_chosen(name, "", what)) return 0;
  if (kind == SHORT || kind == KILL) return 1;
  errno = error_of();
  return -1;
}

#define TRANSFER(name, says, what, buffer_type, extra_parameters, extra_arguments) \
  ssize_t name(int file, buffer_type buffer, size_t size extra_parameters) { \
    REAL(name); \
    int chosen = bytes(says, file, what, size); \
    if (chosen < 0) return -1; \
    if (chosen == 0) return real(file, buffer, size extra_arguments); \
    ssize_t done = real(file, buffer, half(size) extra_arguments); \
    if (kind == KILL) die(); \
    return done; \
  }
#define COMMA ,
TRANSFER(read, "read", READS | BYTES, void *, , )
TRANSFER(pread, "read", READS | BYTES, void *, COMMA off_t offset, COMMA offset)
TRANSFER(pread64, "read", READS | BYTES, void *, COMMA off64_t offset, COMMA offset)
TRANSFER(write, "write", SPACE | BYTES, const void *, , )
TRANSFER(pwrite, "write", SPACE | BYTES, const void *, COMMA off_t offset, COMMA offset)
TRANSFER(pwrite64, "write", SPACE | BYTES, const void *, COMMA off64_t offset, COMMA offset)

static size_t length_of(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

/* Of several parts, half of the first. */
#define VECTOR(name, says, what, one, extra_parameters, extra_arguments) \
  ssize_t name(int file, const struct iovec *parts, int count extra_parameters) { \
    REAL(name); \
    int chosen = count > 0 ? bytes(says, file, what, length_of(parts, count)) : 0; \
    if (chosen < 0) return -1; \
    if (chosen == 0) return real(file, parts, count extra_arguments); \
    struct iovec first = {parts[0].iov_base, half(parts[0].iov_len)}; \
    ssize_t done = real(file, &first, 1 extra_arguments); \
    if (kind == KILL) die(); \
    return done; \
  }
VECTOR(readv, "read", READS | BYTES, read, , )
VECTOR(writev, "write", SPACE | BYTES, write, , )
VECTOR(preadv, "read", READS | BYTES, pread, COMMA off_t offset, COMMA offset)
VECTOR(pwritev, "write", SPACE | BYTES, pwrite, COMMA off_t offset, COMMA offset)
VECTOR(preadv64, "read", READS | BYTES, pread, COMMA off64_t offset, COMMA offset)
VECTOR(pwritev64, "write", SPACE | BYTES, pwrite, COMMA off64_t offset, COMMA offset)

/* Nothing is lost of what a process has written when it dies: only a power cut would need the disk, and there is none. */
#define ON_FILE(name, what) \
  int name(int file) { \
    REAL(name); \
    if (!is_watched(file)) return real(file); \
    return fails(#name, "", what) ? -1 : 0; \
  }
ON_FILE(fsync, SPACE)
ON_FILE(fdatasync, SPACE)

int ftruncate64(int file, off64_t length) {
  REAL(ftruncate64);
  if (is_watched(file) && fails("ftruncate", "", SPACE)) return -1;
  return real(file, length);
}

int ftruncate(int file, off_t length) {
  REAL(ftruncate);
  if (is_watched(file) && fails("ftruncate", "", SPACE)) return -1;
  return real(file, length);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (is_below(to) && fails("rename", to, SPACE)) return -1;
  return real(from, to);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (is_below(path) && fails("mkdir", path, SPACE)) return -1;
  return real(path, mode);
}

#define ON_PATH(name) \
  int name(const char *path) { \
    REAL(name); \
    if (is_below(path) && fails(#name, path, OTHER)) return -1; \
    return real(path); \
  }
ON_PATH(unlink)
ON_PATH(rmdir)
