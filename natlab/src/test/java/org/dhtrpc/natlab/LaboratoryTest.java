package org.dhtrpc.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the laboratory's script, its classifier and the programs of others print is read. */
class LaboratoryTest {
    @Test
    void itsAddressesAreRead() {
        assertThat(Laboratory.environment("NATLAB_NAME=lab\nNATLAB_IPS_p1='10.0.1.2 10.0.1.3'\nnoise\n"))
                .containsEntry("NATLAB_NAME", "lab")
                .containsEntry("NATLAB_IPS_p1", "10.0.1.2 10.0.1.3")
                .hasSize(2);
    }

    @Test
    void aHostIsNamedByItsNat() {
        assertThat(Laboratory.nat("a_pr_h12")).isEqualTo("a_pr");
        assertThat(Laboratory.nat("p1")).isEqualTo("p1");
    }

    @Test
    void aProfileThatSaysTheSameAsTheClassifierAgrees() {
        JsonObject theirs = probe(
                "\"mapping\": \"endpoint-independent\", \"filtering\": \"address-dependent\", \"allocation\": \"preserve\"");

        assertThat(Kinds.compared("ar", theirs, profile("ENDPOINT_INDEPENDENT", "ADDRESS_DEPENDENT", "PRESERVED")))
                .isEqualTo(new Finding("ar", true, "kind; ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, PRESERVED"));
        assertThat(Kinds.compared("ar", theirs, profile("ENDPOINT_INDEPENDENT", "ADDRESS_DEPENDENT", "RANDOM")))
                .isEqualTo(new Finding(
                        "ar", false, "kind; ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, RANDOM instead of PRESERVED"));
    }

    @Test
    void whatIsNotTranslatedHasNoPortsToAllocate() {
        JsonObject theirs =
                probe("\"mapping\": \"none\", \"filtering\": \"endpoint-independent\", \"allocation\": \"none\"");

        assertThat(Kinds.compared("op", theirs, profile("NONE", "ENDPOINT_INDEPENDENT", "UNKNOWN"))
                        .met())
                .isTrue();
        assertThat(Kinds.compared("op", theirs, profile("ENDPOINT_INDEPENDENT", "ENDPOINT_INDEPENDENT", "PRESERVED"))
                        .met())
                .isFalse();
    }

    private static JsonObject probe(String fields) {
        String line = "{\"host\": \"h\", \"nat\": \"host,any\", \"probe\": {" + fields + "}}";
        return Kinds.probed(line).getOrDefault("h", new JsonObject());
    }

    private static JsonObject profile(String mapping, String filtering, String allocation) {
        return JsonParser.parseString("{\"kind\": \"kind\", \"mapping\": \"" + mapping + "\", \"filtering\": \""
                        + filtering + "\", \"allocation\": \"" + allocation + "\"}")
                .getAsJsonObject();
    }

    @Test
    void theAddressesThatAProgramPrintsAreTakenWithoutTheirPorts() {
        assertThat(StunInterop.hosts(Pattern.compile("addr: (\\S+)"), "addr: 10.0.4.2:47422\naddr: 10.0.4.2:1\n"))
                .containsExactly("10.0.4.2");
    }
}
