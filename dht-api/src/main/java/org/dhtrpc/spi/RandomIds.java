package org.dhtrpc.spi;

import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** See {@link IdPolicy#random}. */
enum RandomIds implements IdPolicy {
    INSTANCE;

    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return Key.random(random);
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        return true;
    }
}
