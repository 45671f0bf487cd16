/**
 * What an application uses. {@link org.dhtrpc.Dht} is the node; the rest is its vocabulary.
 *
 * <p>The words: a <em>node</em> is us, a <em>contact</em> somebody else; <em>query</em> and <em>closest</em> are the two
 * operations, each made of a <em>lookup</em> (the iterative search) and, for closest, a <em>commit</em>; a <em>key</em>
 * is a point of the id space, be it a node's id or a target.
 *
 * <p>Callers may call what is here, and implement only the handlers. What is meant to be implemented is in
 * {@link org.dhtrpc.spi}.
 */
package org.dhtrpc;
