/* Writes down, in their order, all changes a process makes to the files of one folder: what, where, and the bytes.
   Loaded with LD_PRELOAD by benchmarks.durability. TRACE_FOLDER names the folder, TRACE_FILE the trace.
   A record is a line "operation<TAB>offset<TAB>length<TAB>path", then `length` bytes. The -shm is left out: it is
   shared memory, and made anew after a crash. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *inside(const char *path) {
    const char *folder = getenv("TRACE_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    if (!length || strncmp(path, folder, length) || path[length] != '/') return NULL;
    size_t whole = strlen(path);
    if (whole > 4 && !strcmp(path + whole - 4, "-shm")) return NULL;
    return path + length + 1;
}

static const char *of(int fd, char *path, size_t room) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    return inside(path);
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, trace, at, length);
        if (done <= 0) abort();
        at += done;
        length -= done;
    }
}

static void note(const char *what, long long offset, size_t length, const char *path, const void *bytes) {
    char line[4400];
    if (trace < 0) trace = syscall(SYS_openat, AT_FDCWD, getenv("TRACE_FILE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int n = snprintf(line, sizeof line, "%s\t%lld\t%zu\t%s\n", what, offset, length, path);
    put(line, n);
    put(bytes, length);
}

static ssize_t placed(int fd, const void *bytes, size_t length, off64_t offset, int appending) {
    char path[4096];
    const char *name = of(fd, path, sizeof path);
    if (name == NULL)
        return appending ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
    pthread_mutex_lock(&turn);
    if (appending) {
        struct stat64 about;
        int flags = fcntl(fd, F_GETFL);
        offset = (flags & O_APPEND) && !fstat64(fd, &about) ? about.st_size : lseek64(fd, 0, SEEK_CUR);
    }
    ssize_t done = appending ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
    if (done > 0) note("write", offset, done, name, bytes);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return placed(fd, bytes, length, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return placed(fd, bytes, length, at, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return placed(fd, bytes, length, at, 0); }

static int cut(int fd, off64_t length) {
    char path[4096];
    const char *name = of(fd, path, sizeof path);
    pthread_mutex_lock(&turn);
    int done = syscall(SYS_ftruncate, fd, length);
    if (done == 0 && name) note("truncate", length, 0, name, "");
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int made(int folder, const char *path, int flags, mode_t mode) {
    int fd = syscall(SYS_openat, folder, path, flags, mode);
    char whole[4096];
    const char *name = fd >= 0 && (flags & (O_CREAT | O_TRUNC)) ? of(fd, whole, sizeof whole) : NULL;
    if (name) {
        pthread_mutex_lock(&turn);
        note(flags & O_TRUNC ? "empty" : "make", 0, 0, name, "");
        pthread_mutex_unlock(&turn);
    }
    return fd;
}

#define OPEN(name, folder, ...) \
    int name(__VA_ARGS__, const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; va_end(rest); \
        return made(folder, path, flags, mode); }
OPEN(openat, folder, int folder)
OPEN(openat64, folder, int folder)
#undef OPEN
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; va_end(rest); \
        return made(AT_FDCWD, path, flags, mode); }
OPEN(open)
OPEN(open64)

int unlink(const char *path) {
    pthread_mutex_lock(&turn);
    int done = REAL(unlink)(path);
    const char *name = inside(path);
    if (done == 0 && name) note("remove", 0, 0, name, "");
    pthread_mutex_unlock(&turn);
    return done;
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&turn);
    int done = REAL(rename)(from, to);
    const char *name = inside(from), *new = inside(to);
    if (done == 0 && name && new) note("rename", 0, strlen(new), name, new);
    pthread_mutex_unlock(&turn);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    int done = REAL(mkdir)(path, mode);
    const char *name = inside(path);
    pthread_mutex_lock(&turn);
    if (done == 0 && name) note("folder", 0, 0, name, "");
    pthread_mutex_unlock(&turn);
    return done;
}
