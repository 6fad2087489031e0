"""Queue and LockingQueue."""
from common import ROOT, LIMIT, connect, start

producer, consumer = connect(), connect()
queue = producer.Queue(ROOT + "/queue")
for number in range(20):
    queue.put(b"entry%d" % number)
queue.put(b"urgent", priority=1)
other = consumer.Queue(ROOT + "/queue")
consumer.sync(ROOT)
assert len(other) == 21
assert other.get() == b"urgent"
assert [other.get() for _ in range(20)] == [b"entry%d" % number for number in range(20)]
assert other.get() is None

locking = producer.LockingQueue(ROOT + "/locking")
taken = []


def consume():
    mine = consumer.LockingQueue(ROOT + "/locking")
    for _ in range(10):
        entry = mine.get(timeout=LIMIT)
        assert entry is not None and mine.holds_lock()
        taken.append(entry)
        assert mine.consume()


join = start(consume)
locking.put_all([b"a%d" % number for number in range(5)])
locking.put_all([b"b%d" % number for number in range(5)])
join()
assert taken == [b"a%d" % n for n in range(5)] + [b"b%d" % n for n in range(5)], taken
producer.stop()
consumer.stop()
print("ok")
