"""Election: one leader at a time, the next one when it ends."""
import threading

from common import ROOT, connect, start, until, wait

clients = [connect() for _ in range(3)]
leading = [threading.Event() for _ in clients]
leave = [threading.Event() for _ in clients]


def lead(number):
    assert not any(event.is_set() for event in leading if event is not leading[number])
    leading[number].set()
    wait(leave[number], "order to leave")
    leading[number].clear()


elections = []
joins = []
for number, client in enumerate(clients):
    elections.append(client.Election(ROOT + "/election", str(number)))
    joins.append(start(elections[number].run, lead, number))
    if number == 0:
        wait(leading[0], "first leader")

for _ in clients:
    until(lambda: any(event.is_set() for event in leading), "next leader")
    number = next(i for i, event in enumerate(leading) if event.is_set())
    leave[number].set()
    joins[number]()
for client in clients:
    client.stop()
print("ok")
