"""Contends with a client in another language, whose part of the tree is the same. Arguments: hosts, path, what for, turns."""
import sys

from common import HOSTS, ROOT, LIMIT, connect

kind, turns = sys.argv[3], int(sys.argv[4])
client = connect()


def work():
    """Alone, or the create of a znode that exists fails, or a count is lost."""
    client.create(ROOT + "-inside", b"kazoo", ephemeral=True)
    count = int(client.get(ROOT + "-count")[0])
    client.set(ROOT + "-count", str(count + 1).encode())
    client.delete(ROOT + "-inside")


def contend():
    if kind == "election":
        client.Election(ROOT, "kazoo").run(work)
        return
    lock = {
        "lock": lambda: client.Lock(ROOT, "kazoo"),
        "lock of Curator's layout": lambda: client.Lock(ROOT, "kazoo", extra_lock_patterns=["lock-"]),
        "write lock": lambda: client.WriteLock(ROOT, "kazoo"),
    }[kind]()
    assert lock.acquire(timeout=LIMIT)
    work()
    assert lock.release()


for _ in range(turns):
    contend()
client.stop()
print("ok")
