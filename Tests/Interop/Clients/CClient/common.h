/* What the programs share: checks that end them, and waiting for what the client library's threads count. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CHECK(condition) \
    do { if (!(condition)) { fprintf(stderr, "line %d: %s\n", __LINE__, #condition); exit(1); } } while (0)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void await(int *counter, int value)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 30;
    pthread_mutex_lock(&mutex);
    while (*counter < value)
        CHECK(pthread_cond_timedwait(&changed, &mutex, &limit) == 0);
    pthread_mutex_unlock(&mutex);
}
