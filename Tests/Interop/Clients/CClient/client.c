/* The C client: every call that it has for znodes, checked one by one. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>
#include "common.h"

static int connected, removed;
static int fired[8];
static char last_path[512];

static void on_session(zhandle_t *zh, int type, int state, const char *path, void *context)
{
    (void)zh; (void)path; (void)context;
    pthread_mutex_lock(&mutex);
    if (type == ZOO_SESSION_EVENT && state == ZOO_CONNECTED_STATE)
        connected++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void on_watch(zhandle_t *zh, int type, int state, const char *path, void *context)
{
    (void)zh; (void)state;
    if (type == ZOO_SESSION_EVENT)
        return;
    pthread_mutex_lock(&mutex);
    if (type == ZOO_CREATED_EVENT || type == ZOO_DELETED_EVENT || type == ZOO_CHANGED_EVENT || type == ZOO_CHILD_EVENT)
        fired[(long)context]++;
    else
        removed++;
    snprintf(last_path, sizeof last_path, "%s", path);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void on_sync(int rc, const char *value, const void *data)
{
    (void)value; (void)data;
    CHECK(rc == ZOK);
    pthread_mutex_lock(&mutex);
    connected += 100;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static zhandle_t *zh;
static char root[256], path[512], name[512], buffer[1024];
static struct Stat stat;

static const char *below(const char *rest)
{
    snprintf(path, sizeof path, "%s%s", root, rest);
    return path;
}

static void creates(void)
{
    CHECK(zoo_create(zh, root, "data", 4, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, name, sizeof name) == ZOK);
    CHECK(strcmp(name, root) == 0);
    CHECK(zoo_create(zh, root, "data", 4, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, name, sizeof name) == ZNODEEXISTS);
    CHECK(zoo_create(zh, below("/nowhere/x"), NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, name, sizeof name) == ZNONODE);
    CHECK(zoo_create2(zh, below("/e"), "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, name, sizeof name, &stat) == ZOK);
    CHECK(stat.ephemeralOwner == zoo_client_id(zh)->client_id && stat.dataLength == 1);
    CHECK(zoo_create(zh, below("/e/x"), NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, name, sizeof name) == ZNOCHILDRENFOREPHEMERALS);
    CHECK(zoo_create(zh, below("/s-"), NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL_SEQUENTIAL, name, sizeof name) == ZOK);
    CHECK(strcmp(name + strlen(root), "/s-0000000001") == 0);
    CHECK(zoo_create(zh, below("/c"), NULL, -1, &ZOO_OPEN_ACL_UNSAFE, ZOO_CONTAINER, name, sizeof name) == ZOK);
    CHECK(zoo_create_ttl(zh, below("/t"), "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_WITH_TTL, 3600000, name, sizeof name) == ZOK);
    CHECK(zoo_create2_ttl(zh, below("/t-"), "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_SEQUENTIAL_WITH_TTL, 3600000, name, sizeof name, &stat) == ZOK);
    CHECK(stat.ephemeralOwner == 0 && strcmp(name + strlen(root), "/t-0000000004") == 0);
}

static void reads_and_writes(void)
{
    int length = sizeof buffer;
    CHECK(zoo_get(zh, root, 0, buffer, &length, &stat) == ZOK && length == 4 && memcmp(buffer, "data", 4) == 0);
    length = sizeof buffer;
    CHECK(zoo_get(zh, below("/c"), 0, buffer, &length, &stat) == ZOK && length == -1);
    CHECK(zoo_set2(zh, root, "more", 4, 0, &stat) == ZOK && stat.version == 1);
    CHECK(zoo_set(zh, root, "more", 4, 0) == ZBADVERSION);
    CHECK(zoo_exists(zh, below("/nowhere"), 0, &stat) == ZNONODE);
    struct String_vector children;
    CHECK(zoo_get_children(zh, root, 0, &children) == ZOK && children.count == 5);
    deallocate_String_vector(&children);
    CHECK(zoo_get_children2(zh, root, 0, &children, &stat) == ZOK && children.count == 5 && stat.numChildren == 5);
    deallocate_String_vector(&children);
    CHECK(zoo_delete(zh, root, -1) == ZNOTEMPTY);
    CHECK(zoo_async(zh, root, on_sync, NULL) == ZOK);
    await(&connected, 100);
}

static void multis(void)
{
    zoo_op_t ops[4];
    zoo_op_result_t results[4];
    char created[512], a[512], b[512];
    snprintf(a, sizeof a, "%s/m", root);
    snprintf(b, sizeof b, "%s/nowhere", root);
    zoo_create_op_init(&ops[0], a, "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof created);
    zoo_set_op_init(&ops[1], a, "2", 1, 0, &stat);
    zoo_check_op_init(&ops[2], a, 1);
    zoo_delete_op_init(&ops[3], a, 1);
    CHECK(zoo_multi(zh, 4, ops, results) == ZOK && strcmp(created, a) == 0 && stat.version == 1);
    zoo_check_op_init(&ops[2], b, -1);
    CHECK(zoo_multi(zh, 4, ops, results) == ZNONODE);
    CHECK(results[0].err == ZOK && results[2].err == ZNONODE && results[3].err == ZRUNTIMEINCONSISTENCY);
    CHECK(zoo_exists(zh, a, 0, &stat) == ZNONODE);
}

static void watches(void)
{
    struct String_vector children;
    int length = sizeof buffer;
    CHECK(zoo_wexists(zh, below("/w"), on_watch, (void *)0, &stat) == ZNONODE);
    CHECK(zoo_wget_children(zh, root, on_watch, (void *)1, &children) == ZOK);
    deallocate_String_vector(&children);
    CHECK(zoo_wget(zh, root, on_watch, (void *)2, buffer, &length, &stat) == ZOK);
    CHECK(zoo_create(zh, below("/w"), "x", 1, &ZOO_OPEN_ACL_UNSAFE, 0, name, sizeof name) == ZOK);
    await(&fired[0], 1);
    await(&fired[1], 1);
    CHECK(zoo_set(zh, root, "x", 1, -1) == ZOK);
    await(&fired[2], 1);
    length = sizeof buffer;
    CHECK(zoo_wget(zh, below("/w"), on_watch, (void *)3, buffer, &length, &stat) == ZOK);
    CHECK(zoo_delete(zh, below("/w"), 0) == ZOK);
    await(&fired[3], 1);
    CHECK(strcmp(last_path, below("/w")) == 0);
    CHECK(zoo_wexists(zh, root, on_watch, (void *)4, &stat) == ZOK);
    CHECK(zoo_remove_watches(zh, root, ZWATCHTYPE_DATA, on_watch, (void *)4, 0) == ZOK);
    CHECK(zoo_remove_watches(zh, root, ZWATCHTYPE_DATA, on_watch, (void *)4, 0) == ZNOWATCHER);
    CHECK(fired[0] == 1 && fired[1] == 1 && fired[2] == 1 && fired[3] == 1);
}

static void acls(void)
{
    struct ACL_vector list;
    CHECK(zoo_create(zh, below("/mine"), "x", 1, &ZOO_CREATOR_ALL_ACL, 0, name, sizeof name) == ZINVALIDACL);
    CHECK(zoo_add_auth(zh, "digest", "alice:a", 7, NULL, NULL) == ZOK);
    CHECK(zoo_create(zh, below("/mine"), "x", 1, &ZOO_CREATOR_ALL_ACL, 0, name, sizeof name) == ZOK);
    CHECK(zoo_get_acl(zh, below("/mine"), &list, &stat) == ZOK && list.count == 1 && strcmp(list.data[0].id.scheme, "digest") == 0);
    deallocate_ACL_vector(&list);
    CHECK(zoo_set_acl(zh, below("/mine"), 0, &ZOO_READ_ACL_UNSAFE) == ZOK);
    CHECK(zoo_set(zh, below("/mine"), "y", 1, -1) == ZNOAUTH);
    CHECK(zoo_set_acl(zh, below("/mine"), 1, &ZOO_OPEN_ACL_UNSAFE) == ZNOAUTH);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    snprintf(root, sizeof root, "%s", argv[2]);
    zoo_set_debug_level(ZOO_LOG_LEVEL_WARN);
    zh = zookeeper_init(argv[1], on_session, 10000, NULL, NULL, 0);
    CHECK(zh);
    await(&connected, 1);
    creates();
    reads_and_writes();
    multis();
    watches();
    acls();
    CHECK(zookeeper_close(zh) == ZOK);
    puts("ok");
    return 0;
}
