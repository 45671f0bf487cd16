package org.dhtrpc.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
    private static final Endpoint ENDPOINT = Endpoint.parse("192.0.2.1:3282");
    private static final Contact CONTACT = new Contact(Key.ZERO, ENDPOINT);

    @Test
    void a_reply_copies_its_contacts_and_keeps_absent_apart_from_empty() {
        List<Contact> contacts = new ArrayList<>(List.of(CONTACT));
        Reply reply = new Reply(1, Key.ZERO, ENDPOINT, contacts, Bytes.EMPTY, 2, Bytes.EMPTY);
        contacts.clear();
        assertThat(reply.contacts()).containsExactly(CONTACT).isUnmodifiable();
        Reply without = reply.withContacts(null);
        assertThat(without.contacts()).isNull();
        assertThat(without).isNotEqualTo(reply.withContacts(List.of()));
        assertThat(without.withContacts(List.of(CONTACT))).isEqualTo(reply);
    }

    @Test
    void a_request_of_the_discovery_has_no_commit_no_relay_and_no_padding() {
        assertThat(new Request(1, null, null, Command.PING, null, null, null))
                .isEqualTo(new Request(1, null, null, Command.PING, null, false, null, null, null, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Request(1, null, null, Command.PING, null, false, null, null, null, -1))
                .withMessage("Padding is 0 or more bytes, not -1");
    }

    @ParameterizedTest
    @CsvSource({
        "0, none (0)",
        "1, unknown command (1)",
        "2, invalid token (2)",
        "3, handler failed (3)",
        "4, overloaded (4)",
        "5, answer too large (5)",
        "6, prove address (6)",
        "7, error (7)",
        "16, error (16)",
        "65535, error (65535)"
    })
    void an_error_code_is_described_in_words(int code, String words) {
        assertThat(ErrorCode.describe(code)).isEqualTo(words);
    }
}
