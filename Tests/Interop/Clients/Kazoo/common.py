"""What the scripts share. Each takes the addresses of one or more servers and a path that is its own.

With several servers each client begins with another one. What a client wrote, another one may see a moment later: it syncs where it has
to see it.
"""
import itertools
import sys
import threading
import time

from kazoo.client import KazooClient

HOSTS = sys.argv[1]
ROOT = sys.argv[2] if len(sys.argv) > 2 else "/"
LIMIT = 30

_servers = HOSTS.split(",")
_firsts = itertools.cycle(range(len(_servers)))


def connect(**options):
    first = next(_firsts)
    client = KazooClient(",".join(_servers[first:] + _servers[:first]), timeout=10.0, randomize_hosts=False, **options)
    client.start(timeout=LIMIT)
    return client


def start(target, *arguments):
    """Runs the target on a thread of its own; a failure there fails the script."""
    failures = []

    def run():
        try:
            target(*arguments)
        except BaseException as failure:  # told by join
            failures.append(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def join():
        thread.join(LIMIT)
        assert not thread.is_alive(), "a thread did not end"
        if failures:
            raise failures[0]

    return join


def wait(event, what):
    assert event.wait(LIMIT), "no " + what


def until(condition, what):
    """For what nobody announces: asks until it is so."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "no " + what
        time.sleep(0.005)
