import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;

/** Contends with a client in another language, whose part of the tree is the same. Arguments: hosts, path, what for, turns. */
public final class Contender {
    private static final long LIMIT = 30;

    private static CuratorFramework client;
    private static String root;

    public static void main(String[] arguments) throws Exception {
        client = CuratorFrameworkFactory.newClient(arguments[0], 10_000, 10_000, new RetryOneTime(500));
        client.start();
        check(client.blockUntilConnected((int) LIMIT, TimeUnit.SECONDS));
        root = arguments[1];
        for (int turns = Integer.parseInt(arguments[3]); turns > 0; turns--) {
            contend(arguments[2]);
        }
        client.close();
        System.out.println("ok");
    }

    private static void contend(String kind) throws Exception {
        switch (kind) {
            case "lock":
                locked(new InterProcessMutex(client, root));
                break;
            case "write lock":
                locked(new InterProcessReadWriteLock(client, root).writeLock());
                break;
            case "semaphore":
                Lease lease = new InterProcessSemaphoreV2(client, root, 1).acquire(LIMIT, TimeUnit.SECONDS);
                work();
                lease.close();
                break;
            case "election":
                LeaderLatch latch = new LeaderLatch(client, root, "curator");
                latch.start();
                check(latch.await(LIMIT, TimeUnit.SECONDS));
                work();
                latch.close();
                break;
            default:
                throw new IllegalArgumentException(kind);
        }
    }

    private static void locked(InterProcessLock lock) throws Exception {
        check(lock.acquire(LIMIT, TimeUnit.SECONDS));
        work();
        lock.release();
    }

    /** Alone, or the create of a znode that exists fails, or a count is lost. */
    private static void work() throws Exception {
        client.create().withMode(CreateMode.EPHEMERAL).forPath(root + "-inside");
        int count = Integer.parseInt(new String(client.getData().forPath(root + "-count")));
        client.setData().forPath(root + "-count", Integer.toString(count + 1).getBytes());
        client.delete().forPath(root + "-inside");
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError();
        }
    }
}
