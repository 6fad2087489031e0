"""ReadLock and WriteLock: readers together, a writer alone."""
import threading

from common import ROOT, LIMIT, connect, start, wait

clients = [connect() for _ in range(3)]
path = ROOT + "/rw"
one = clients[0].ReadLock(path, "one")
two = clients[1].ReadLock(path, "two")
writer = clients[2].WriteLock(path, "writer")
assert one.acquire(timeout=LIMIT)
assert two.acquire(timeout=LIMIT)
assert not writer.acquire(blocking=False)
written = threading.Event()


def write():
    assert writer.acquire(timeout=LIMIT)
    written.set()


join = start(write)
one.release()
assert not written.is_set()
two.release()
wait(written, "write lock")
join()
assert not one.acquire(blocking=False)
writer.release()
assert one.acquire(timeout=LIMIT)
for client in clients:
    client.stop()
print("ok")
