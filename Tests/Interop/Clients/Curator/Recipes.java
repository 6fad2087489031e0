import static org.apache.curator.framework.recipes.cache.CuratorCacheListener.Type.NODE_CHANGED;
import static org.apache.curator.framework.recipes.cache.CuratorCacheListener.Type.NODE_CREATED;
import static org.apache.curator.framework.recipes.cache.CuratorCacheListener.Type.NODE_DELETED;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Curator's recipes, each with two clients, on two servers if there are several: what one wrote the other may see a moment later, and syncs
 * where it has to see it. Arguments: connect string, a path of its own.
 */
public final class Recipes {
    private static final long LIMIT = 30;

    private static CuratorFramework one;
    private static CuratorFramework two;
    private static String root;
    private static final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private interface Recipe {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        String[] servers = arguments[0].split(",");
        one = connect(servers[0]);
        two = connect(servers[servers.length - 1]);
        run(arguments[1], "mutex", Recipes::mutex);
        run(arguments[1], "readWriteLock", Recipes::readWriteLock);
        run(arguments[1], "semaphore", Recipes::semaphore);
        run(arguments[1], "leaderLatch", Recipes::leaderLatch);
        run(arguments[1], "leaderSelector", Recipes::leaderSelector);
        run(arguments[1], "barrier", Recipes::barrier);
        run(arguments[1], "doubleBarrier", Recipes::doubleBarrier);
        run(arguments[1], "queue", Recipes::queue);
        run(arguments[1], "cache", Recipes::cache);
        run(arguments[1], "persistentNode", Recipes::persistentNode);
        run(arguments[1], "groupMember", Recipes::groupMember);
        run(arguments[1], "sharedCount", Recipes::sharedCount);
        run(arguments[1], "atomicLong", Recipes::atomicLong);
        run(arguments[1], "transactions", Recipes::transactions);
        run(arguments[1], "fluent", Recipes::fluent);
        one.close();
        two.close();
        System.out.println("ok");
    }

    private static void run(String parent, String name, Recipe recipe) throws Exception {
        root = parent + "/" + name;
        long start = System.nanoTime();
        try {
            recipe.run();
        } catch (Throwable failure) {
            throw new Exception("recipe " + name, failure);
        }
        System.out.println(name + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    private static CuratorFramework connect(String hosts) throws Exception {
        CuratorFramework client = CuratorFrameworkFactory.newClient(hosts, 10_000, 10_000, new RetryOneTime(500));
        client.start();
        check(client.blockUntilConnected((int) LIMIT, TimeUnit.SECONDS));
        return client;
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError();
        }
    }

    private static void await(CountDownLatch latch) throws Exception {
        check(latch.await(LIMIT, TimeUnit.SECONDS));
    }

    private static void mutex() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Future<?>> work = new ArrayList<>();
        for (CuratorFramework client : Arrays.asList(one, two)) {
            work.add(threads.submit(() -> {
                InterProcessMutex mutex = new InterProcessMutex(client, root);
                for (int i = 0; i < 20; i++) {
                    check(mutex.acquire(LIMIT, TimeUnit.SECONDS));
                    check(inside.incrementAndGet() == 1);
                    check(mutex.acquire(LIMIT, TimeUnit.SECONDS));
                    mutex.release();
                    inside.decrementAndGet();
                    mutex.release();
                }
                return null;
            }));
        }
        for (Future<?> one : work) {
            one.get(LIMIT, TimeUnit.SECONDS);
        }
    }

    private static void readWriteLock() throws Exception {
        InterProcessReadWriteLock first = new InterProcessReadWriteLock(one, root);
        InterProcessReadWriteLock second = new InterProcessReadWriteLock(two, root);
        check(first.readLock().acquire(LIMIT, TimeUnit.SECONDS));
        check(second.readLock().acquire(LIMIT, TimeUnit.SECONDS));
        second.readLock().release();
        check(!second.writeLock().acquire(50, TimeUnit.MILLISECONDS));
        first.readLock().release();
        check(second.writeLock().acquire(LIMIT, TimeUnit.SECONDS));
        check(!first.readLock().acquire(50, TimeUnit.MILLISECONDS));
        second.writeLock().release();
    }

    private static void semaphore() throws Exception {
        InterProcessSemaphoreV2 first = new InterProcessSemaphoreV2(one, root, 2);
        InterProcessSemaphoreV2 second = new InterProcessSemaphoreV2(two, root, 2);
        Collection<org.apache.curator.framework.recipes.locks.Lease> leases = first.acquire(2, LIMIT, TimeUnit.SECONDS);
        check(leases.size() == 2 && second.acquire(50, TimeUnit.MILLISECONDS) == null);
        first.returnAll(leases);
        check(second.acquire(LIMIT, TimeUnit.SECONDS) != null);
    }

    private static void leaderLatch() throws Exception {
        LeaderLatch first = new LeaderLatch(one, root, "first");
        LeaderLatch second = new LeaderLatch(two, root, "second");
        first.start();
        check(first.await(LIMIT, TimeUnit.SECONDS));
        second.start();
        two.sync().forPath(root);
        check(!second.hasLeadership() && second.getLeader().getId().equals("first"));
        first.close();
        check(second.await(LIMIT, TimeUnit.SECONDS));
        second.close();
    }

    private static void leaderSelector() throws Exception {
        AtomicInteger leaders = new AtomicInteger();
        CountDownLatch led = new CountDownLatch(4);
        List<LeaderSelector> selectors = new ArrayList<>();
        for (CuratorFramework client : Arrays.asList(one, two)) {
            LeaderSelector selector = new LeaderSelector(client, root, new LeaderSelectorListenerAdapter() {
                @Override
                public void takeLeadership(CuratorFramework ignored) {
                    if (leaders.incrementAndGet() == 1) {
                        led.countDown();
                    }
                    leaders.decrementAndGet();
                }
            });
            selector.autoRequeue();
            selector.start();
            selectors.add(selector);
        }
        await(led);
        selectors.forEach(LeaderSelector::close);
    }

    private static void barrier() throws Exception {
        DistributedBarrier set = new DistributedBarrier(one, root);
        set.setBarrier();
        two.sync().forPath(root);
        check(!new DistributedBarrier(two, root).waitOnBarrier(50, TimeUnit.MILLISECONDS));
        Future<Boolean> waiting = threads.submit(() -> new DistributedBarrier(two, root).waitOnBarrier(LIMIT, TimeUnit.SECONDS));
        set.removeBarrier();
        check(waiting.get(LIMIT, TimeUnit.SECONDS));
    }

    private static void doubleBarrier() throws Exception {
        List<Future<Boolean>> crossings = new ArrayList<>();
        for (CuratorFramework client : Arrays.asList(one, two)) {
            crossings.add(threads.submit(() -> {
                DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(client, root, 2);
                return barrier.enter(LIMIT, TimeUnit.SECONDS) && barrier.leave(LIMIT, TimeUnit.SECONDS);
            }));
        }
        for (Future<Boolean> crossing : crossings) {
            check(crossing.get(LIMIT, TimeUnit.SECONDS));
        }
    }

    private static void queue() throws Exception {
        SimpleDistributedQueue producer = new SimpleDistributedQueue(one, root);
        Future<List<String>> consumer = threads.submit(() -> {
            SimpleDistributedQueue queue = new SimpleDistributedQueue(two, root);
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                taken.add(new String(queue.poll(LIMIT, TimeUnit.SECONDS)));
            }
            return taken;
        });
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            given.add("entry" + i);
            check(producer.offer(("entry" + i).getBytes()));
        }
        check(consumer.get(LIMIT, TimeUnit.SECONDS).equals(given));
    }

    /** CuratorCache lives on one persistent recursive watch. */
    private static void cache() throws Exception {
        one.create().creatingParentsIfNeeded().forPath(root + "/before", "x".getBytes());
        two.sync().forPath(root);
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        CountDownLatch initialized = new CountDownLatch(1);
        CuratorCache cache = CuratorCache.build(two, root);
        cache.listenable().addListener(CuratorCacheListener.builder().forInitialized(initialized::countDown).build());
        cache.listenable().addListener((type, before, after) ->
            events.add(type + " " + (after == null ? before : after).getPath().substring(root.length())));
        cache.start();
        await(initialized);
        check(cache.get(root + "/before").isPresent());
        events.clear();
        one.create().creatingParentsIfNeeded().forPath(root + "/a/b", "1".getBytes());
        one.setData().forPath(root + "/a/b", "2".getBytes());
        Set<String> seen = new HashSet<>();
        while (!seen.containsAll(Arrays.asList(NODE_CREATED + " /a", NODE_CREATED + " /a/b"))) {
            String event = events.poll(LIMIT, TimeUnit.SECONDS);
            check(event != null);
            seen.add(event);
        }
        while (!Arrays.equals(cache.get(root + "/a/b").get().getData(), "2".getBytes())) {
            check(events.poll(LIMIT, TimeUnit.SECONDS) != null);
        }
        one.delete().forPath(root + "/a/b");
        String last;
        do {
            last = events.poll(LIMIT, TimeUnit.SECONDS);
            check(last != null);
        } while (!last.equals(NODE_DELETED + " /a/b"));
        check(!cache.get(root + "/a/b").isPresent() && NODE_CHANGED != null);
        cache.close();
    }

    private static void persistentNode() throws Exception {
        PersistentNode node = new PersistentNode(one, CreateMode.EPHEMERAL, false, root + "/node", "x".getBytes());
        node.start();
        check(node.waitForInitialCreate(LIMIT, TimeUnit.SECONDS));
        CountDownLatch created = new CountDownLatch(1);
        PersistentTtlNode ttl = new PersistentTtlNode(one, root + "/ttl", 3_600_000, "x".getBytes());
        ttl.start();
        check(ttl.waitForInitialCreate(LIMIT, TimeUnit.SECONDS));
        two.sync().forPath(root);
        CuratorCache cache = CuratorCache.build(two, root + "/node");
        CountDownLatch initialized = new CountDownLatch(1);
        cache.listenable().addListener(CuratorCacheListener.builder().forInitialized(initialized::countDown).build());
        cache.start();
        await(initialized);
        cache.listenable().addListener(CuratorCacheListener.builder().forCreates(made -> created.countDown()).build());
        two.delete().forPath(root + "/node");
        await(created);
        ttl.close();
        node.close();
        cache.close();
        two.sync().forPath(root);
        check(two.checkExists().forPath(root + "/node") == null);
    }

    private static void groupMember() throws Exception {
        GroupMember first = new GroupMember(one, root, "first", "1".getBytes());
        GroupMember second = new GroupMember(two, root, "second", "2".getBytes());
        first.start();
        second.start();
        awaitMembers(first, "first", "second");
        second.close();
        awaitMembers(first, "first");
        first.close();
    }

    private static void awaitMembers(GroupMember group, String... members) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
        while (!group.getCurrentMembers().keySet().equals(new TreeSet<>(Arrays.asList(members)))) {
            check(System.nanoTime() < end);
            Thread.sleep(5);
        }
    }

    private static void sharedCount() throws Exception {
        SharedCount first = new SharedCount(one, root, 5);
        SharedCount second = new SharedCount(two, root, 5);
        first.start();
        second.start();
        check(first.getCount() == 5);
        first.setCount(7);
        while (!second.trySetCount(second.getVersionedValue(), 8)) {
            check(second.getCount() <= 7);
        }
        first.close();
        second.close();
        one.sync().forPath(root);
        SharedCount third = new SharedCount(one, root, 5);
        third.start();
        check(third.getCount() == 8);
        third.close();
    }

    private static void atomicLong() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<Future<Integer>> work = new ArrayList<>();
        for (CuratorFramework client : Arrays.asList(one, two)) {
            work.add(threads.submit(() -> {
                DistributedAtomicLong value = new DistributedAtomicLong(client, root, new RetryOneTime(10));
                together.await(LIMIT, TimeUnit.SECONDS);
                int successes = 0;
                for (int i = 0; i < 20; i++) {
                    AtomicValue<Long> result = value.increment();
                    successes += result.succeeded() ? 1 : 0;
                }
                return successes;
            }));
        }
        long successes = 0;
        for (Future<Integer> each : work) {
            successes += each.get(LIMIT, TimeUnit.SECONDS);
        }
        one.sync().forPath(root);
        long count = new DistributedAtomicLong(one, root, new RetryOneTime(10)).get().postValue();
        check(successes > 0 && count == successes);
    }

    private static void transactions() throws Exception {
        one.create().creatingParentsIfNeeded().forPath(root);
        Collection<CuratorTransactionResult> results = one.transaction().forOperations(
            one.transactionOp().create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath(root + "/s-", "1".getBytes()),
            one.transactionOp().create().forPath(root + "/a", "1".getBytes()),
            one.transactionOp().setData().withVersion(0).forPath(root + "/a", "2".getBytes()),
            one.transactionOp().check().withVersion(1).forPath(root + "/a"),
            one.transactionOp().delete().forPath(root + "/a"));
        List<String> paths = new ArrayList<>();
        results.forEach(result -> paths.add(result.getResultPath()));
        check(paths.get(0).equals(root + "/s-0000000000") && paths.size() == 5);
        try {
            one.transaction().forOperations(
                one.transactionOp().create().forPath(root + "/b"),
                one.transactionOp().delete().forPath(root + "/nowhere"));
            check(false);
        } catch (KeeperException.NoNodeException expected) {
            check(one.checkExists().forPath(root + "/b") == null);
        }
    }

    private static void fluent() throws Exception {
        Stat stat = new Stat();
        one.create().storingStatIn(stat).creatingParentContainersIfNeeded().forPath(root + "/x/y", "1".getBytes());
        check(stat.getCzxid() > 0 && stat.getVersion() == 0 && stat.getDataLength() == 1);
        String name = one.create().withProtection().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath(root + "/x/p-");
        check(name.contains("_c_") && name.endsWith("p-0000000001"));
        one.create().withTtl(3_600_000).withMode(CreateMode.PERSISTENT_WITH_TTL).forPath(root + "/ttl");
        one.create().withMode(CreateMode.CONTAINER).forPath(root + "/container");
        CountDownLatch done = new CountDownLatch(1);
        one.getData().inBackground((client, event) -> done.countDown()).forPath(root + "/x/y");
        await(done);
        check(one.getChildren().storingStatIn(stat).forPath(root).size() == 3 && stat.getNumChildren() == 3);
        one.sync().forPath(root);
        one.delete().guaranteed().deletingChildrenIfNeeded().forPath(root);
        check(one.checkExists().forPath(root) == null);
    }
}
