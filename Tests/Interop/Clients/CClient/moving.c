/* A client whose server goes away comes back on another one with its session: nothing is lost, and nothing comes twice. It says at which
 * server it is and waits for a line that says that this server has been ended. Its watches are one-shot: the client library sets them again. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>
#include "common.h"

static int connections[2], changes, last_version, not_once, fired_wrongly;
static zhandle_t *moving, *changing;
static char value_path[512], mine_path[512];

static void on_session(zhandle_t *zh, int type, int state, const char *path, void *context)
{
    (void)zh; (void)path;
    pthread_mutex_lock(&mutex);
    if (type == ZOO_SESSION_EVENT && state == ZOO_CONNECTED_STATE)
        connections[(long)context]++;
    if (type == ZOO_SESSION_EVENT && state == ZOO_EXPIRED_SESSION_STATE)
        not_once = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void watch_value(void);

static void on_value_changed(zhandle_t *zh, int type, int state, const char *path, void *context)
{
    (void)zh; (void)state; (void)path; (void)context;
    if (type == ZOO_CHANGED_EVENT)
        watch_value();
}

/* Each event is followed by one read, which shows a version that was not seen before. */
static void on_value(int rc, const char *value, int length, const struct Stat *stat, const void *data)
{
    (void)value; (void)length; (void)data;
    if (rc != ZOK) {
        watch_value();
        return;
    }
    pthread_mutex_lock(&mutex);
    not_once |= changes > 0 && stat->version <= last_version;
    last_version = stat->version;
    changes++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void watch_value(void)
{
    CHECK(zoo_awget(moving, value_path, on_value_changed, NULL, on_value, NULL) == ZOK);
}

static void on_mine(zhandle_t *zh, int type, int state, const char *path, void *context)
{
    (void)zh; (void)state; (void)path; (void)context;
    if (type != ZOO_SESSION_EVENT)
        fired_wrongly = 1;
}

static int stopping, version;

static void *change(void *context)
{
    struct Stat stat;
    (void)context;
    while (!__atomic_load_n(&stopping, __ATOMIC_SEQ_CST)) {
        CHECK(zoo_set2(changing, value_path, "x", 1, version, &stat) == ZOK);
        version = stat.version;
    }
    return NULL;
}

static const char *server(char *text, size_t size)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    CHECK(zookeeper_get_connected_host(moving, (struct sockaddr *)&address, &length));
    snprintf(text, size, "127.0.0.1:%d", ntohs(address.sin_port));
    return text;
}

int main(int argc, char **argv)
{
    char others[512], first[64], second[64], line[8];
    struct Stat before, after;
    clientid_t session;
    pthread_t changer;
    int seen, connected;
    CHECK(argc == 3);
    snprintf(value_path, sizeof value_path, "%s/value", argv[2]);
    snprintf(mine_path, sizeof mine_path, "%s/mine", argv[2]);
    const char *comma = strchr(argv[1], ',');
    CHECK(comma);
    snprintf(others, sizeof others, "%s", comma + 1);

    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    zoo_deterministic_conn_order(1);
    moving = zookeeper_init(argv[1], on_session, 10000, NULL, (void *)0, 0);
    changing = zookeeper_init(others, on_session, 10000, NULL, (void *)1, 0);
    CHECK(moving && changing);
    await(&connections[0], 1);
    await(&connections[1], 1);
    session = *zoo_client_id(moving);
    CHECK(zoo_create(moving, argv[2], NULL, -1, &ZOO_OPEN_ACL_UNSAFE, 0, NULL, 0) == ZOK);
    CHECK(zoo_create(moving, value_path, "x", 1, &ZOO_OPEN_ACL_UNSAFE, 0, NULL, 0) == ZOK);
    CHECK(zoo_create(moving, mine_path, "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, NULL, 0) == ZOK);
    CHECK(zoo_wexists(moving, mine_path, on_mine, NULL, &before) == ZOK);
    watch_value();
    CHECK(pthread_create(&changer, NULL, change, NULL) == 0);
    await(&changes, 5);

    printf("at %s\n", server(first, sizeof first));
    fflush(stdout);
    connected = connections[0];
    CHECK(fgets(line, sizeof line, stdin));
    await(&connections[0], connected + 1);
    CHECK(strcmp(server(second, sizeof second), first) != 0);
    pthread_mutex_lock(&mutex);
    seen = changes;
    pthread_mutex_unlock(&mutex);
    await(&changes, seen + 5);
    __atomic_store_n(&stopping, 1, __ATOMIC_SEQ_CST);
    CHECK(pthread_join(changer, NULL) == 0);
    await(&last_version, version);

    CHECK(zoo_client_id(moving)->client_id == session.client_id);
    CHECK(zoo_exists(moving, mine_path, 0, &after) == ZOK);
    CHECK(after.czxid == before.czxid && after.ephemeralOwner == session.client_id);
    CHECK(!not_once && !fired_wrongly);
    printf("others noticed: %s\n", connections[1] > 1 ? "True" : "False");
    CHECK(zookeeper_close(moving) == ZOK);
    CHECK(zookeeper_close(changing) == ZOK);
    puts("ok");
    return 0;
}
