package org.dhtrpc.natlab;

/**
 * Something that was looked at beside who reaches whom.
 *
 * @param name what
 * @param met whether it is as it has to be
 * @param detail how it is
 */
record Finding(String name, boolean met, String detail) {}
