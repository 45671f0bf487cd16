package org.dhtrpc.interop;

import java.util.stream.Stream;

final class BuiltIns {
    private BuiltIns() {}

    static Stream<InteropCase> cases() {
        return Stream.of();
    }
}
