/**
 * Our nodes behind NATs of every kind: {@link org.dhtrpc.natlab.NatlabTest} says who reaches whom, and how fast;
 * {@link org.dhtrpc.natlab.Peer} is what runs on each host of the laboratory.
 */
@org.jspecify.annotations.NullMarked
package org.dhtrpc.natlab;
