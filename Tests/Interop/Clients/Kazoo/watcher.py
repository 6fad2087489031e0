"""Lists the servers that are online, and again whenever that changes: watcher.py HOSTS [PATH].

It sets a one-shot watch with each listing, so every line below the first stands for exactly one watch event.
"""
import queue
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError

hosts = sys.argv[1]
path = sys.argv[2] if len(sys.argv) > 2 else "/servers"

client = KazooClient(hosts)
client.start()
client.ensure_path(path)
client.sync(path)
events = queue.Queue()


def address(child):
    try:
        return client.get(path + "/" + child)[0].decode()
    except NoNodeError:
        return "(gone)"


while True:
    children = client.get_children(path, watch=events.put)
    print("online: " + " ".join(sorted(address(child) for child in children)), flush=True)
    print("event: " + events.get().type, flush=True)
