"""Lock: mutual exclusion, contenders in order, cancel."""
import threading

from common import ROOT, LIMIT, connect, start, wait

first, second = connect(), connect()
inside = []
order = []


def work(client, name):
    for _ in range(10):
        with client.Lock(ROOT + "/lock", name):
            inside.append(name)
            assert inside == [name], inside
            order.append(name)
            inside.remove(name)


joins = [start(work, first, "first"), start(work, second, "second")]
for join in joins:
    join()
assert len(order) == 20

held = first.Lock(ROOT + "/other", "holder")
assert held.acquire(timeout=LIMIT)
waiter = second.Lock(ROOT + "/other", "waiter")
assert not waiter.acquire(blocking=False)
first.sync(ROOT)
assert first.Lock(ROOT + "/other").contenders() == ["holder"]
got = threading.Event()


def wait_for_it():
    assert waiter.acquire(timeout=LIMIT)
    got.set()


join = start(wait_for_it)
assert not got.is_set()
held.release()
wait(got, "lock after its release")
join()

# The holder's session ends: so does its lock.
third = first.Lock(ROOT + "/other", "third")
second.stop()
assert third.acquire(timeout=LIMIT)
first.stop()
print("ok")
