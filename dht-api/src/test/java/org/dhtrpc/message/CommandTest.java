package org.dhtrpc.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @Test
    void a_users_ping_is_not_the_built_in_one() {
        Command ping = Command.of("ping");
        assertThat(ping).isNotEqualTo(Command.PING).hasToString("'ping'");
        assertThat(ping.builtIn()).isFalse();
        assertThat(ping.number()).isEqualTo(Command.NO_NUMBER);
        assertThat(Command.PING).hasToString("ping");
        assertThat(Command.PING.builtIn()).isTrue();
    }

    @Test
    void two_of_one_kind_are_equal_if_their_names_are() {
        assertThat(Command.of("get"))
                .isEqualTo(Command.of("get"))
                .hasSameHashCodeAs(Command.of("get"))
                .isNotEqualTo(Command.of("Get"))
                .isNotEqualTo(null)
                .isNotEqualTo("get");
        assertThat(Command.of(7)).isEqualTo(Command.of("7"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "2147483647, 2147483647",
        "2147483648, -1",
        "99999999999, -1",
        "00, -1",
        "007, -1",
        "-1, -1",
        "+1, -1",
        "1a, -1",
        "٣, -1"
    })
    void a_name_that_is_a_number_in_its_shortest_form_has_that_number(String name, int number) {
        assertThat(Command.of(name).number()).isEqualTo(number);
        assertThat(Command.of(name).name()).isEqualTo(name);
    }

    @Test
    void names_are_measured_in_bytes() {
        assertThat(Command.of("a".repeat(48)).name()).hasSize(48);
        assertThat(Command.of("é".repeat(24)).name()).hasSize(24);
        assertThat(Command.of("𝄞").name()).isEqualTo("𝄞");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of(""))
                .withMessage("A command's name has 1 to 48 bytes, not 0: ''");
        String long49 = "é".repeat(24) + "x";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of(long49))
                .withMessage("A command's name has 1 to 48 bytes, not 49: '" + long49 + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD834", "\uDD1E", "a\uD834b", "é\uD834", "\uDD1E\uD834"})
    void a_name_that_has_no_utf_8_form_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of(name))
                .withMessage("A command's name is Unicode text, without half a surrogate pair");
    }

    @Test
    void built_ins_are_known_by_number_and_unknown_ones_are_commands_too() {
        assertThat(Command.builtIn(0)).isSameAs(Command.PING);
        assertThat(Command.builtIn(1)).isSameAs(Command.PING_NAT);
        assertThat(Command.builtIn(2)).isSameAs(Command.FIND_NODE);
        assertThat(Command.builtIn(3)).isSameAs(Command.DOWN_HINT);
        assertThat(Command.builtIn(4)).isSameAs(Command.DELAYED_PING);
        assertThat(Command.builtIn(5).number()).isEqualTo(5);
        assertThat(Command.builtIn(5)).isEqualTo(Command.builtIn(5)).isNotEqualTo(Command.builtIn(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.builtIn(-1))
                .withMessage("A built-in command's number is 0 or more, not -1");
    }
}
