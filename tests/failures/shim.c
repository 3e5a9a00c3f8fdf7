/* Counts what a process does to the files below a folder, and lets one of these operations fail or be the last.

Loaded before libc (LD_PRELOAD), so that it also sees what libraries written in C++ do. Nothing is counted until arm(). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { FAIL = 1, DIE = 2, TORN = 3, SHORT = 4, INTERRUPT = 5, FULL = 6 };

static char root[PATH_MAX];
static size_t root_length;
static volatile long *counted; /* shared with the process that forked this one */
static long wanted;
static int mode, error;
static char writes[65536]; /* descriptors that were opened for writing below the folder */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    counted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

long count(void) { return *counted; }

void arm(const char *folder, long number, int how, int with) {
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    *counted = 0;
    wanted = number;
    mode = how;
    error = with;
}

static int below(int at, const char *path) {
    char whole[2 * PATH_MAX], start[PATH_MAX];
    if (!root_length || !path) return 0;
    if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
    else {
        if (at == AT_FDCWD) {
            if (!getcwd(start, sizeof start)) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            ssize_t length = readlink(link, start, sizeof start - 1);
            if (length < 0) return 0;
            start[length] = 0;
        }
        snprintf(whole, sizeof whole, "%s/%s", start, path);
    }
    return !strncmp(whole, root, root_length) && (whole[root_length] == '/' || !whole[root_length]);
}

/* Whether this operation is the one that fails; on a disk that stays full, also all later ones that need room. */
static int fails(int needs_room) {
    long number = __atomic_add_fetch((long *)counted, 1, __ATOMIC_SEQ_CST);
    if (mode == FULL ? number < wanted || !needs_room : number != wanted) return 0;
    if (mode == DIE) kill(getpid(), SIGKILL);
    if (mode == INTERRUPT) {
        kill(getpid(), SIGINT);
        return 0;
    }
    if ((mode == TORN || mode == SHORT) && needs_room != 2) {
        if (mode == TORN) kill(getpid(), SIGKILL);
    }
    errno = error;
    return 1;
}

static int opened(int fd, int flags) {
    if (fd >= 0 && fd < (int)sizeof writes) writes[fd] = (flags & O_ACCMODE) != O_RDONLY;
    return fd;
}

#define OPEN(name, AT, PARAMETERS, ARGUMENTS)                                                     \
    int name PARAMETERS {                                                                         \
        mode_t bits = 0;                                                                          \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                      \
            va_list list;                                                                         \
            va_start(list, flags);                                                                \
            bits = va_arg(list, mode_t);                                                          \
            va_end(list);                                                                         \
        }                                                                                         \
        if (!below(AT, path)) return REAL(name) ARGUMENTS;                                        \
        if (((flags & O_CREAT) || (flags & O_ACCMODE) != O_RDONLY) && fails(1)) return -1;        \
        return opened(REAL(name) ARGUMENTS, flags);                                               \
    }
OPEN(open, AT_FDCWD, (const char *path, int flags, ...), (path, flags, bits))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), (path, flags, bits))
OPEN(openat, at, (int at, const char *path, int flags, ...), (at, path, flags, bits))
OPEN(openat64, at, (int at, const char *path, int flags, ...), (at, path, flags, bits))

static int is_written(int fd) { return root_length && fd >= 0 && fd < (int)sizeof writes && writes[fd]; }

ssize_t write(int fd, const void *bytes, size_t size) {
    if (is_written(fd) && fails(2)) {
        if (mode != TORN && mode != SHORT) return -1;
        ssize_t done = REAL(write)(fd, bytes, size / 2);
        if (mode == TORN) kill(getpid(), SIGKILL);
        wanted++; /* the other half does not fit either */
        return done > 0 ? done : (errno = error, -1);
    }
    return REAL(write)(fd, bytes, size);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t place) {
    return is_written(fd) && fails(1) ? -1 : REAL(pwrite)(fd, bytes, size, place);
}
int fsync(int fd) {
    char link[64], path[PATH_MAX];
    if (root_length) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
        if (below(AT_FDCWD, path) && fails(1)) return -1;
    }
    return REAL(fsync)(fd);
}
int ftruncate(int fd, off_t size) { return is_written(fd) && fails(1) ? -1 : REAL(ftruncate)(fd, size); }
int close(int fd) {
    int written = is_written(fd);
    if (fd >= 0 && fd < (int)sizeof writes) writes[fd] = 0;
    if (written && fails(0)) {
        REAL(close)(fd);
        errno = error;
        return -1;
    }
    return REAL(close)(fd);
}
int rename(const char *old, const char *new) {
    return (below(AT_FDCWD, old) || below(AT_FDCWD, new)) && fails(0) ? -1 : REAL(rename)(old, new);
}
int renameat(int from, const char *old, int to, const char *new) {
    return (below(from, old) || below(to, new)) && fails(0) ? -1 : REAL(renameat)(from, old, to, new);
}
int link(const char *old, const char *new) { return below(AT_FDCWD, new) && fails(1) ? -1 : REAL(link)(old, new); }
int mkdir(const char *path, mode_t bits) { return below(AT_FDCWD, path) && fails(1) ? -1 : REAL(mkdir)(path, bits); }
int mkdirat(int at, const char *path, mode_t bits) {
    return below(at, path) && fails(1) ? -1 : REAL(mkdirat)(at, path, bits);
}
int unlink(const char *path) { return below(AT_FDCWD, path) && fails(0) ? -1 : REAL(unlink)(path); }
int unlinkat(int at, const char *path, int flags) {
    return below(at, path) && fails(0) ? -1 : REAL(unlinkat)(at, path, flags);
}
int rmdir(const char *path) { return below(AT_FDCWD, path) && fails(0) ? -1 : REAL(rmdir)(path); }
