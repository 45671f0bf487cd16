package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dhtrpc.testkit.scenario.Experiment;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.RandomScenarios;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Sweep;
import org.dhtrpc.testkit.scenario.SweepResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sweep on the executor of a cluster: two members in this process, that meet on the loopback address. */
class ClusterSweepTest {
    private static final String EXECUTOR = "sweep";

    /** Each member is asked by a chance of a half: that one is left out happens in none of 10^12 runs. */
    private static final int SEEDS = 40;

    /** Here, so that nobody collects it: it advises to open the JDK's packages before it reads a configuration. */
    private static final Logger ADVICE = Logger.getLogger("com.hazelcast.instance.impl.HazelcastInstanceFactory");

    private static HazelcastInstance first;
    private static HazelcastInstance second;

    @BeforeAll
    static void meet() {
        ADVICE.setLevel(Level.OFF);
        first = Hazelcast.newHazelcastInstance(config());
        second = Hazelcast.newHazelcastInstance(config(first));
    }

    /** A member that looks for these and nobody else. */
    private static Config config(HazelcastInstance... others) {
        Config config = new Config();
        config.setClusterName("sweep of process " + ProcessHandle.current().pid());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.local.localAddress", Loopback.HOST);
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(0).setPortAutoIncrement(false).setReuseAddress(false);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(List.of());
        for (HazelcastInstance other : others) {
            join.getTcpIpConfig()
                    .addMember(Loopback.HOST + ":"
                            + other.getCluster().getLocalMember().getAddress().getPort());
        }
        return config;
    }

    @AfterAll
    static void part() {
        Hazelcast.shutdownAll();
    }

    record Small() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return Laboratories.msgpack().byReference();
        }

        @Override
        public Scenario scenario(long seed) {
            return RandomScenarios.of(10).draw(seed).length(Duration.ofSeconds(5));
        }
    }

    @Test
    void a_cluster_comes_to_the_same_as_one_thread() {
        assertThat(first.getCluster().getMembers()).hasSize(2);
        IExecutorService executor = first.getExecutorService(EXECUTOR);
        SweepResult there = Sweep.of(new Small()).seeds(1, SEEDS).on(executor).run();
        SweepResult here = Sweep.of(new Small()).seeds(1, SEEDS).run();
        assertThat(there).isEqualTo(here);
        assertThat(there.held()).as(there.toString()).isTrue();
        long byFirst = executor.getLocalExecutorStats().getCompletedTaskCount();
        long bySecond =
                second.getExecutorService(EXECUTOR).getLocalExecutorStats().getCompletedTaskCount();
        assertThat(byFirst).isPositive();
        assertThat(bySecond).isPositive();
        assertThat(byFirst + bySecond).isEqualTo(SEEDS);
    }
}
