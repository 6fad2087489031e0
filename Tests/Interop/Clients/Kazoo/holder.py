"""Holds something until a line comes on the input, or for ever. Arguments: hosts, path, what."""
import sys

from common import ROOT, LIMIT, connect

client = connect()
kind = sys.argv[3]
if kind == "double barrier":
    barrier = client.DoubleBarrier(ROOT, 2, "kazoo")
    barrier.enter()
    assert barrier.participating
    print("held", flush=True)
    sys.stdin.readline()
    barrier.leave()
elif kind == "barrier":
    barrier = client.Barrier(ROOT)
    barrier.create()
    print("held", flush=True)
    sys.stdin.readline()
    assert barrier.remove()
else:
    lock = {"lock": client.Lock, "read lock": client.ReadLock, "write lock": client.WriteLock}[kind](ROOT, "kazoo")
    assert lock.acquire(timeout=LIMIT)
    print("held", flush=True)
    sys.stdin.readline()
    assert lock.release()
print("released", flush=True)
client.stop()
