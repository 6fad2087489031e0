"""Counter and Party."""
from common import ROOT, connect, start

clients = [connect() for _ in range(2)]


def count(client):
    counter = client.Counter(ROOT + "/counter")
    for _ in range(20):
        counter += 2
        counter -= 1


for join in [start(count, client) for client in clients]:
    join()
clients[0].sync(ROOT)
assert clients[0].Counter(ROOT + "/counter").value == 40

parties = [client.Party(ROOT + "/party", "member%d" % number) for number, client in enumerate(clients)]
for party in parties:
    party.join()
clients[0].sync(ROOT)
assert sorted(parties[0]) == ["member0", "member1"] and len(parties[1]) == 2
parties[0].leave()
clients[1].sync(ROOT + "/party")
assert list(parties[1]) == ["member1"]
clients[1].stop()
clients[0].sync(ROOT)
assert list(clients[0].ShallowParty(ROOT + "/party")) == []
clients[0].stop()
print("ok")
