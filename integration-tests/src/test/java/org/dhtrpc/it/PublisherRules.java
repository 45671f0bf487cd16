package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestResult;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;

/**
 * The rules of Reactive Streams, checked by their own test kit on the streams of real nodes on loopback. A rule that the kit
 * skips must be one of {@link #SKIPPED}.
 */
abstract class PublisherRules extends FlowPublisherVerification<QueryResult> {
    /** As many as a query finds at most: it asks the k nearest. */
    static final int NODES = 20;

    static final Query QUERY = Query.of("lookup", Key.hashOf(Bytes.utf8("target")));

    private static final String NOT_BY_THIS_KIT = "the kit has no test of it";
    private static final String ONE_CONSUMER = "a stream is one query, and has one consumer; the next is refused";

    /** Each rule that is skipped, and why. */
    private static final Map<String, String> SKIPPED = Map.ofEntries(
            Map.entry(
                    "untested_spec106_mustConsiderSubscriptionCancelledAfterOnErrorOrOnCompleteHasBeenCalled",
                    NOT_BY_THIS_KIT),
            Map.entry("untested_spec107_mustNotEmitFurtherSignalsOnceOnErrorHasBeenSignalled", NOT_BY_THIS_KIT),
            Map.entry(
                    "untested_spec108_possiblyCanceledSubscriptionShouldNotReceiveOnErrorOrOnCompleteSignals",
                    NOT_BY_THIS_KIT),
            Map.entry("untested_spec109_subscribeShouldNotThrowNonFatalThrowable", NOT_BY_THIS_KIT),
            Map.entry("untested_spec110_rejectASubscriptionRequestIfTheSameSubscriberSubscribesTwice", NOT_BY_THIS_KIT),
            Map.entry("untested_spec304_requestShouldNotPerformHeavyComputations", NOT_BY_THIS_KIT),
            Map.entry("untested_spec305_cancelMustNotSynchronouslyPerformHeavyComputation", NOT_BY_THIS_KIT),
            Map.entry("optional_spec111_maySupportMultiSubscribe", ONE_CONSUMER),
            Map.entry("optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals", ONE_CONSUMER),
            Map.entry(
                    "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribers"
                            + "WhenRequestingOneByOne",
                    ONE_CONSUMER),
            Map.entry(
                    "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribers"
                            + "WhenRequestingManyUpfront",
                    ONE_CONSUMER),
            Map.entry(
                    "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribers"
                            + "WhenRequestingManyUpfrontAndCompleteAsExpected",
                    ONE_CONSUMER),
            Map.entry(
                    "optional_spec309_requestNegativeNumberMaySignalIllegalArgumentExceptionWithSpecificMessage",
                    "our message names the demand, and not the number of the rule"),
            Map.entry(
                    "required_spec317_mustNotSignalOnErrorWhenPendingAboveLongMaxValue",
                    "it takes 2^31 results; no query has so many"));

    private final Loopback loopback = new Loopback();

    /** Who answers, and knows nobody. */
    final List<Dht> nodes;

    PublisherRules() {
        // What must come has ten seconds; that nothing comes is believed after 50 milliseconds.
        super(new TestEnvironment(10_000, 50, 50));
        nodes = Stream.generate(loopback::start).limit(NODES).toList();
        nodes.forEach(node -> {
            node.onQuery("lookup", query -> Bytes.EMPTY);
            node.onClosest("lookup", query -> Bytes.EMPTY);
        });
    }

    /** A query that has so many results. */
    abstract QueryStream stream(int results);

    /** A node that knows the first so many others. */
    Dht client(int known) {
        return loopback.start(builder -> builder.ephemeral(true)
                .verifiedContacts(IntStream.range(0, known)
                        .mapToObj(nodes::get)
                        .map(node -> new Contact(node.id(), node.localAddress()))
                        .toList()));
    }

    @Override
    public long maxElementsFromPublisher() {
        return NODES;
    }

    @Override
    public Flow.Publisher<QueryResult> createFlowPublisher(long elements) {
        return elements == 0 ? empty() : stream((int) elements);
    }

    /** One that is answered, but by nobody who knows the command. */
    private QueryStream empty() {
        return client(1).query(Query.of("unknown", QUERY.target()));
    }

    /** One that was cancelled before anybody subscribed: whoever does is told. */
    @Override
    public Flow.Publisher<QueryResult> createFailedFlowPublisher() {
        QueryStream stream = stream(1);
        stream.cancel();
        return stream;
    }

    @AfterMethod
    public void nothing_is_skipped_without_a_reason(ITestResult result) {
        if (result.getStatus() == ITestResult.SKIP) {
            assertThat(SKIPPED).containsKey(result.getMethod().getMethodName());
        }
    }

    @AfterClass
    public void end() {
        loopback.close();
    }
}
