package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.dhtrpc.DhtException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DhtExceptionTest {
    @Test
    void a_failure_has_a_reason_and_no_code() {
        Throwable cause = new IllegalStateException("why");
        DhtException failure = new DhtException(Reason.CLOSED, "closed", cause);
        assertThat(failure).hasMessage("closed").hasCause(cause);
        assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
        assertThat(failure.code()).isZero();
        assertThat(new DhtException(Reason.TIMED_OUT, "late")).hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 65_535})
    void an_application_refuses_with_a_code_of_its_own(int code) {
        DhtException refusal = DhtException.refused(code);
        assertThat(refusal.reason()).isEqualTo(Reason.REFUSED);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessage("Refused: error (" + code + ")");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 15, 65_536})
    void the_protocols_own_codes_are_not_the_applications_to_give(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DhtException.refused(code))
                .withMessage("An application's error code is 16 to 65535, not " + code);
    }

    @Test
    void a_refusal_names_the_peer_and_the_code_in_words() {
        DhtException refusal = DhtException.refusedBy(Endpoint.parse("192.0.2.1:7"), 2);
        assertThat(refusal).hasMessage("192.0.2.1:7 refused: invalid token (2)");
        assertThat(refusal.reason()).isEqualTo(Reason.REFUSED);
        assertThat(refusal.code()).isEqualTo(2);
    }
}
