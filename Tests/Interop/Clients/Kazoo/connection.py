"""The session outlives its connection, also on another server; 4-letter words; chroot."""
import socket
import threading

from kazoo.client import KazooState

from common import HOSTS, ROOT, connect, wait

client = connect()
assert client.command(b"ruok") == "imok"
assert client.server_version()[0] >= 3, client.server_version()
client.ensure_path(ROOT)
client.create(ROOT + "/mine", b"x", ephemeral=True)
session = client.client_id

suspended, connected = threading.Event(), threading.Event()


def listen(state):
    if state == KazooState.SUSPENDED:
        suspended.set()
    if state == KazooState.CONNECTED and suspended.is_set():
        connected.set()


client.add_listener(listen)
fired = threading.Event()
client.get(ROOT + "/mine", watch=lambda event: fired.set())
for _ in range(3):
    suspended.clear()
    connected.clear()
    client._connection._socket.shutdown(socket.SHUT_RDWR)
    wait(suspended, "notice of the lost connection")
    wait(connected, "new connection")
    assert client.client_id == session
    assert client.retry(client.get, ROOT + "/mine")[0] == b"x"
assert client.retry(client.exists, ROOT + "/mine").ephemeralOwner == session[0]

chrooted = connect()
chrooted.chroot = ROOT
chrooted.sync("/")
assert chrooted.get("/mine")[0] == b"x"
assert chrooted.get_children("/") == ["mine"]
client.stop()
chrooted.sync("/")
assert chrooted.exists("/mine") is None
chrooted.stop()
print("ok")
