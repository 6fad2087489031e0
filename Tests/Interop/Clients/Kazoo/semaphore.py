"""Semaphore: never more leases than allowed, a released one is handed on."""
import threading

from common import ROOT, LIMIT, connect, start, wait

clients = [connect() for _ in range(3)]
path = ROOT + "/semaphore"
leases = [client.Semaphore(path, str(number), max_leases=2) for number, client in enumerate(clients)]
assert leases[0].acquire(timeout=LIMIT)
assert leases[1].acquire(timeout=LIMIT)
assert not leases[2].acquire(blocking=False)
clients[0].sync(path)
assert leases[0].lease_holders() in (["0", "1"], ["1", "0"])
got = threading.Event()


def take():
    assert leases[2].acquire(timeout=LIMIT)
    got.set()


join = start(take)
leases[0].release()
wait(got, "third lease")
join()
for client in clients:
    client.stop()
print("ok")
