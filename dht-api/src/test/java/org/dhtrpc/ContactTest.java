package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactTest {
    private static final long SEED = 20_261_122;
    private static final String ID = "3fa9" + "0".repeat(60);

    @Test
    void is_written_in_full_and_read_back() {
        Contact contact = new Contact(Key.parse(ID), Endpoint.parse("192.0.2.1:3282"));
        assertThat(contact).hasToString(ID + "@192.0.2.1:3282");
        assertThat(Contact.parse(contact.toString())).isEqualTo(contact);
    }

    @Test
    void random_contacts_survive_as_texts() {
        Random random = new Random(SEED);
        for (int i = 0; i < 1_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            Contact contact = new Contact(Key.random(random), Endpoint.of(address, random.nextInt(65_536)));
            assertThat(Contact.parse(contact.toString())).as("seed %s", SEED).isEqualTo(contact);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "192.0.2.1:3282", "3fa9", "3fa90000…"})
    void a_text_without_an_id_is_refused_and_quoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse(text))
                .withMessage("No id in '" + text + "'; expected 'id@address:port'");
    }

    @Test
    void a_long_text_is_not_quoted_in_full() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse("f".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void an_id_or_an_endpoint_that_is_none_is_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse("3fa90000…@192.0.2.1:3282"))
                .withMessageContaining("64 hexadecimal digits, not 9 characters: '3fa90000…'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse(ID + "@example.org:3282"))
                .withMessageContaining("Not a numeric address: 'example.org:3282'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse(ID + "@192.0.2.1"))
                .withMessageContaining("No port in '192.0.2.1'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contact.parse(ID + "@@192.0.2.1:1"))
                .withMessageContaining("'@192.0.2.1:1'");
    }
}
