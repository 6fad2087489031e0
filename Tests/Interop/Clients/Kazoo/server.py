"""A server that announces itself: server.py HOSTS ADDRESS [PATH] [SESSION TIMEOUT].

It registers an ephemeral sequential znode with its address below PATH (/servers) and lives until it is killed. When it dies,
however it dies, its znode goes with its session.
"""
import sys
import threading

from kazoo.client import KazooClient

hosts, address = sys.argv[1:3]
path = sys.argv[3] if len(sys.argv) > 3 else "/servers"
timeout = float(sys.argv[4]) if len(sys.argv) > 4 else 4.0

client = KazooClient(hosts, timeout=timeout)
client.start()
client.ensure_path(path)
node = client.create(path + "/server-", address.encode(), ephemeral=True, sequence=True)
print("registered %s as %s" % (address, node), flush=True)
threading.Event().wait()
