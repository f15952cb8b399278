/* A slow disk: every fsync and fdatasync takes SLOW_FSYNC_US longer. Loaded with LD_PRELOAD by benchmarks.commit. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void) {
    const char *us = getenv("SLOW_FSYNC_US");
    long all = us ? atol(us) : 0;
    struct timespec left = {all / 1000000, (all % 1000000) * 1000};
    while (nanosleep(&left, &left) && errno == EINTR) {
    }
}

int fsync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return real(fd);
}

int fdatasync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return real(fd);
}
