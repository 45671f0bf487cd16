package org.dhtrpc.routing;

import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A contact that we have heard of.
 *
 * @param referrer who named it; null if it is ours
 */
record Named(Contact contact, @Nullable Endpoint referrer) {}
