"""Barrier and DoubleBarrier."""
import threading

from common import ROOT, LIMIT, connect, start, wait

one, two = connect(), connect()
barrier = one.Barrier(ROOT + "/barrier")
barrier.create()
two.sync(ROOT)
assert not two.Barrier(ROOT + "/barrier").wait(0.05)
passed = threading.Event()


def pass_through():
    assert two.Barrier(ROOT + "/barrier").wait(LIMIT)
    passed.set()


join = start(pass_through)
assert barrier.remove()
wait(passed, "passage")
join()

entered = []
doubles = [client.DoubleBarrier(ROOT + "/double", 2, str(number)) for number, client in enumerate((one, two))]


def cross(number):
    doubles[number].enter()
    assert doubles[number].participating
    entered.append(number)
    doubles[number].leave()


joins = [start(cross, 0), start(cross, 1)]
for join in joins:
    join()
assert sorted(entered) == [0, 1]
one.stop()
two.stop()
print("ok")
