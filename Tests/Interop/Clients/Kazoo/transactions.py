"""Transactions, and the whole surface of single operations."""
from kazoo.exceptions import (
    BadVersionError, NodeExistsError, NoAuthError, NoChildrenForEphemeralsError, NoNodeError, NotEmptyError, RolledBackError, RuntimeInconsistency)
from kazoo.security import make_digest_acl

from common import ROOT, connect

client = connect()
client.ensure_path(ROOT)
transaction = client.transaction()
transaction.create(ROOT + "/a", b"one")
transaction.create(ROOT + "/a/s-", b"two", sequence=True)
transaction.set_data(ROOT + "/a", b"three", version=0)
transaction.check(ROOT + "/a", version=1)
results = transaction.commit()
assert results[:2] == [ROOT + "/a", ROOT + "/a/s-0000000000"] and results[2].version == 1 and results[3] is True, results

transaction = client.transaction()
transaction.create(ROOT + "/b")
transaction.delete(ROOT + "/nowhere")
transaction.create(ROOT + "/c")
results = transaction.commit()
assert [type(result) for result in results] == [RolledBackError, NoNodeError, RuntimeInconsistency], results
assert client.exists(ROOT + "/b") is None


def refuses(error, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except error:
        return
    raise AssertionError("%s was not refused with %s" % (call, error))


path, stat = client.create(ROOT + "/e", b"x", ephemeral=True, include_data=True)
assert stat.ephemeralOwner == client.client_id[0] and stat.dataLength == 1
refuses(NoChildrenForEphemeralsError, client.create, ROOT + "/e/child")
refuses(NodeExistsError, client.create, ROOT + "/a")
refuses(NotEmptyError, client.delete, ROOT + "/a")
refuses(BadVersionError, client.set, ROOT + "/a", b"", version=7)
refuses(NoNodeError, client.get, ROOT + "/nowhere")
assert client.get_children(ROOT + "/a", include_data=True)[1].numChildren == 1
assert client.set(ROOT + "/a", b"four").version == 2
assert client.get(ROOT + "/a")[0] == b"four"

acl = make_digest_acl("alice", "a", all=True)
client.create(ROOT + "/mine", b"secret", acl=[acl])
refuses(NoAuthError, client.get, ROOT + "/mine")
client.add_auth("digest", "alice:a")
assert client.get(ROOT + "/mine")[0] == b"secret"
acls, stat = client.get_acls(ROOT + "/mine")
assert acls == [acl], acls
assert client.set_acls(ROOT + "/mine", [acl], version=0).aversion == 1
client.delete(ROOT, recursive=True)
assert client.exists(ROOT) is None
client.stop()
client.close()
print("ok")
