"""A client whose server goes away comes back on another one with its session: nothing is lost, and nothing comes twice.

Arguments: hosts, path, "cut" or "wait". It says at which server it is, and then cuts its connection itself, or waits for a line that says that
the server has been ended.
"""
import socket
import sys
import threading

from kazoo.client import KazooState

from common import ROOT, LIMIT, connect, start, until, wait

moving, changing = connect(), connect()
changing.ensure_path(ROOT + "/names")
changing.create(ROOT + "/value", b"0")
moving.sync(ROOT)
session = moving.client_id
moving.create(ROOT + "/mine", ephemeral=True)
mine = moving.exists(ROOT + "/mine")
lock = moving.Lock(ROOT + "/lock", "moving")
assert lock.acquire(timeout=LIMIT)

versions, names, states, changing_states = [], [], [], []
moving.add_listener(states.append)
changing.add_listener(changing_states.append)
moving.DataWatch(ROOT + "/value", lambda data, stat: versions.append(stat.version))
moving.ChildrenWatch(ROOT + "/names", lambda children: names.append(len(children)))
granted = threading.Event()


def wait_for_the_lock():
    with changing.Lock(ROOT + "/lock", "changing"):
        granted.set()


join = start(wait_for_the_lock)
until(lambda: len(changing.get_children(ROOT + "/lock")) == 2, "second contender")
stop = threading.Event()


def change():
    number = 0
    while not stop.is_set():
        number += 1
        assert changing.set(ROOT + "/value", b"%d" % number).version == number
        changing.create(ROOT + "/names/n", sequence=True)


def server():
    return "%s:%d" % moving._connection._socket.getpeername()[:2]


join_change = start(change)
until(lambda: len(versions) > 5 and len(names) > 5, "changes")
before = server()
print("at " + before, flush=True)
if sys.argv[3] == "cut":
    moving._connection._socket.shutdown(socket.SHUT_RDWR)
else:
    sys.stdin.readline()
until(lambda: KazooState.SUSPENDED in states and states[-1] == KazooState.CONNECTED, "new connection")
assert server() != before
assert KazooState.LOST not in states and moving.client_id == session
seen = len(versions)
until(lambda: len(versions) > seen + 5, "changes after the move")
stop.set()
join_change()

stat = moving.retry(moving.exists, ROOT + "/mine")
assert (stat.czxid, stat.ephemeralOwner) == (mine.czxid, session[0])
assert lock.is_acquired and not granted.is_set()
changes = changing.get(ROOT + "/value")[1].version
until(lambda: versions[-1] == changes and names[-1] == changes, "last change")
assert versions == sorted(set(versions)), versions
assert names == sorted(names), names
lock.release()
wait(granted, "lock after its release")
join()
print("others noticed: %s" % bool(changing_states), flush=True)
moving.stop()
changing.stop()
print("ok")
