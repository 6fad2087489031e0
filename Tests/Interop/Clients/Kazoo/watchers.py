"""TreeCache, DataWatch and ChildrenWatch see every last state."""
import threading

from kazoo.recipe.cache import TreeCache, TreeEvent

from common import ROOT, connect, until, wait

watching, changing = connect(), connect()
changing.ensure_path(ROOT + "/tree")

values = []
last_value = threading.Event()
watching.DataWatch(ROOT + "/value", lambda data, stat: (values.append(data), data == b"9" and last_value.set())[0])
names = []
all_names = threading.Event()
changing.ensure_path(ROOT + "/names")
watching.sync(ROOT)
watching.ChildrenWatch(ROOT + "/names", lambda children: (names.append(sorted(children)), len(children) == 5 and all_names.set())[0])

cache = TreeCache(watching, ROOT + "/tree")
initialized, removed = threading.Event(), threading.Event()
cache.listen(lambda event: initialized.set() if event.event_type == TreeEvent.INITIALIZED else None)
cache.listen(lambda event: removed.set() if event.event_type == TreeEvent.NODE_REMOVED and event.event_data.path.endswith("/gone") else None)
cache.start()
wait(initialized, "initialized cache")

changing.create(ROOT + "/value", b"0")
for number in range(10):
    changing.set(ROOT + "/value", b"%d" % number)
for number in range(5):
    changing.create(ROOT + "/names/%d" % number)
wait(last_value, "last value")
wait(all_names, "all names")
assert values[0] is None and values[-1] == b"9", values
assert names[0] == [] and names[-1] == ["0", "1", "2", "3", "4"], names

changing.create(ROOT + "/tree/a/b", b"deep", makepath=True)
changing.create(ROOT + "/tree/gone")
changing.set(ROOT + "/tree/a/b", b"deeper")
until(lambda: cache.get_data(ROOT + "/tree/gone"), "short-lived node in the cache")
changing.delete(ROOT + "/tree/gone")
seen = threading.Event()
cache.listen(lambda event: seen.set() if event.event_type == TreeEvent.NODE_ADDED and event.event_data.path.endswith("/last") else None)
changing.create(ROOT + "/tree/last")
wait(seen, "last node in the cache")
wait(removed, "removal")
until(lambda: cache.get_data(ROOT + "/tree/a/b").data == b"deeper", "changed data in the cache")
assert sorted(cache.get_children(ROOT + "/tree")) == ["a", "last"]
cache.close()
watching.stop()
changing.stop()
print("ok")
