package org.dhtrpc.routing;

import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.jspecify.annotations.Nullable;

/** What {@link Kademlia} wants done; drained with {@link Kademlia#poll} and carried out in that order. */
public sealed interface Effect {
    /** Calls the visitor's method for this kind. Java 17 cannot switch over a sealed type; this is checked as well. */
    void accept(Visitor visitor);

    /** One method for each kind of effect. */
    interface Visitor {
        /** Send a message. */
        void send(Send effect);

        /** Hand a result to an operation's subscriber, who has demanded it. */
        void deliver(Deliver effect);

        /** A query has ended. */
        void finished(Finished effect);

        /** A request or ping has ended. */
        void answered(Answered effect);

        /** Run a handler, and give its outcome to {@link Kademlia#answer}. */
        void call(Call effect);

        /** Ask the hole puncher, and give the outcome to {@link Kademlia#punched}. */
        void punch(Punch effect);

        /** Our public address is known: make the id for it, and give it to {@link Kademlia#reidentify}. */
        void identify(Identify effect);

        /** Find out where the bootstrap nodes are, and say so with {@link Kademlia#bootstrap}. */
        void locate(Locate effect);

        /** An attempt to join has ended, or another is needed. */
        void joined(Joined effect);

        /** Tell the listeners. */
        void publish(Publish effect);
    }

    /**
     * See {@link Visitor#send}.
     *
     * @param to the receiver
     * @param message fits in a datagram
     * @param sibling whether it leaves from the sibling socket, and not from the main one
     */
    record Send(Endpoint to, Message message, boolean sibling) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.send(this);
        }
    }

    /**
     * See {@link Visitor#deliver}.
     *
     * @param operation whose subscriber
     * @param result the result
     */
    record Deliver(long operation, QueryResult result) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.deliver(this);
        }
    }

    /**
     * See {@link Visitor#finished}.
     *
     * @param operation which one
     * @param summary what it cost and found
     * @param failure why it failed, null if it did not
     */
    record Finished(
            long operation, QuerySummary summary, @Nullable DhtException failure) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.finished(this);
        }
    }

    /**
     * See {@link Visitor#answered}.
     *
     * @param operation which one
     * @param caller who has asked, as it was said to {@link Kademlia#request}
     * @param answer the answer, null if it failed
     * @param failure why it failed, null if it did not
     */
    record Answered(
            long operation,
            @Nullable Object caller,
            @Nullable Answer answer,
            @Nullable DhtException failure) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.answered(this);
        }
    }

    /**
     * See {@link Visitor#call}.
     *
     * @param call to be named in the answer
     * @param command whose handler
     * @param query what it is given
     */
    record Call(long call, Command command, IncomingQuery query) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.call(this);
        }
    }

    /**
     * See {@link Visitor#punch}.
     *
     * @param punch to be named in the outcome
     * @param peer whom to reach
     * @param referrer who knows it
     */
    record Punch(long punch, Endpoint peer, Endpoint referrer) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.punch(this);
        }
    }

    /**
     * See {@link Visitor#identify}.
     *
     * @param address where we are reached from outside
     */
    record Identify(Endpoint address) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.identify(this);
        }
    }

    /** See {@link Visitor#locate}. */
    record Locate() implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.locate(this);
        }
    }

    /**
     * See {@link Visitor#joined}.
     *
     * @param state how the node stands now; {@link DhtState#JOINING} if it has to join again
     * @param causes what happened to each bootstrap node, if none answered
     */
    record Joined(DhtState state, List<DhtException> causes) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.joined(this);
        }
    }

    /**
     * See {@link Visitor#publish}.
     *
     * @param event the event
     */
    record Publish(DhtEvent event) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.publish(this);
        }
    }

    /**
     * A reply that was expected.
     *
     * @param from who answered
     * @param id the id that it sent and may have, null if it sent none
     * @param reply the reply
     * @param roundTripNanos from the send that was answered, or the first one if that is not known
     */
    record Answer(Endpoint from, @Nullable Key id, Reply reply, long roundTripNanos) {}
}
