"""SetPartitioner: two members share a set, and the last one gets all of it."""
from common import ROOT, LIMIT, connect, start

clients = [connect() for _ in range(2)]
everything = tuple(range(6))
parts = {}
barrier = clients[0].DoubleBarrier(ROOT + "/shared", 2, "0"), clients[1].DoubleBarrier(ROOT + "/shared", 2, "1")


def settle(partitioner, size):
    while not (partitioner.acquired and len(list(partitioner)) == size):
        assert not partitioner.failed, "failed"
        if partitioner.release:
            partitioner.release_set()
        elif partitioner.allocating:
            partitioner.wait_for_acquire(LIMIT)
        elif partitioner.acquired:
            # Alone until the other one comes: wait for the order to release.
            partitioner.client.handler.sleep_func(0.01)
    return set(partitioner)


def share(number):
    partitioner = clients[number].SetPartitioner(ROOT + "/set", everything, identifier=str(number), time_boundary=0.2)
    partitioner.client = clients[number]
    parts[number] = settle(partitioner, 3)
    barrier[number].enter()
    if number == 0:
        partitioner.finish()
    else:
        assert settle(partitioner, 6) == set(everything)


for join in [start(share, 0), start(share, 1)]:
    join()
assert parts[0] | parts[1] == set(everything) and not parts[0] & parts[1]
for client in clients:
    client.stop()
print("ok")
