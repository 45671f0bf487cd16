package org.dhtrpc.testkit.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhtrpc.testkit.NatType;
import org.jspecify.annotations.Nullable;

/**
 * Which share of the nodes is behind NATs of which kind; the others are open to all. Immutable; two that are written alike
 * are equal.
 */
public final class NatMix {
    private static final Map<String, NatType> TYPES = types();

    private static final String FORMS = "port-restricted 0.4, symmetric 0.1 (also: "
            + TYPES.keySet().stream()
                    .filter(name -> !name.equals("port-restricted") && !name.equals("symmetric"))
                    .collect(Collectors.joining(", "))
            + "), ford2005:0.6, halkes2010, none";

    /** All nodes are open. */
    public static final NatMix NONE = new NatMix("none", List.of(), "");

    private final String text;
    private final List<Part> parts;
    private final String source;

    private NatMix(String text, List<Part> parts, String source) {
        this.text = text;
        this.parts = List.copyOf(parts);
        this.source = source;
        double sum = parts.stream().mapToDouble(Part::share).sum();
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("The shares of NATs add up to 1 at most, not " + sum);
        }
    }

    private static Map<String, NatType> types() {
        Map<String, NatType> types = new LinkedHashMap<>();
        types.put("full-cone", NatType.FULL_CONE);
        types.put("address-restricted", NatType.ADDRESS_RESTRICTED);
        types.put("port-restricted", NatType.PORT_RESTRICTED);
        types.put("symmetric", NatType.SYMMETRIC);
        types.put("symmetric-sequential", NatType.SYMMETRIC_SEQUENTIAL);
        types.put("symmetric-address", NatType.SYMMETRIC_ADDRESS);
        types.put("firewall", NatType.FIREWALL);
        types.put("udp-blocked", NatType.UDP_BLOCKED);
        return Collections.unmodifiableMap(types);
    }

    /**
     * Some of everything.
     *
     * @throws IllegalArgumentException if the shares add up to more than 1
     */
    public static NatMix of(Part... parts) {
        if (parts.length == 0) {
            return NONE;
        }
        String text = Stream.of(parts)
                .map(part -> part.name() + " " + Quantity.text(part.share()))
                .collect(Collectors.joining(", "));
        return new NatMix(text, List.of(parts), "");
    }

    /**
     * Homes, written as {@code ford2005:0.6}: of the nodes behind NATs, 82 % are behind {@link NatType#PORT_RESTRICTED} and
     * 18 % behind {@link NatType#SYMMETRIC}.
     *
     * <p>The source says that 82 % of the NATs that volunteers had tested support hole punching over UDP, for which a NAT
     * must translate an inner endpoint to the same outer one whoever it sends to. That these filter by address and port, and
     * that the others take a random port for each peer, is ours, and so is the share of nodes behind NATs.
     *
     * @param share of the nodes behind NATs, 0 to 1
     * @throws IllegalArgumentException if it is out of range
     */
    public static NatMix residential(double share) {
        Quantity.checked("The share of nodes behind NATs", share, 0, 1);
        return new NatMix(
                "ford2005:" + Quantity.text(share),
                List.of(new Part(NatType.PORT_RESTRICTED, share * 0.82), new Part(NatType.SYMMETRIC, share * 0.18)),
                "Ford, Srisuresh, Kegel: Peer-to-Peer Communication Across Network Address Translators, USENIX 2005");
    }

    /**
     * A file-sharing network, written as {@code halkes2010}: 57.3 % of the nodes are behind {@link NatType#PORT_RESTRICTED},
     * 6.7 % behind {@link NatType#SYMMETRIC}, and 36 % are open.
     *
     * <p>The source says that 64 % of the peers are behind a NAT or firewall that should let holes be punched, and that more
     * than 80 % of the attempts between these peers succeed. It is ours that the attempts fail because of the NAT of
     * one side: if 57.3 of 64 can be punched and pairs are made by chance, 80 % of them can. Ours is also to take all others
     * for open, although the source's may be behind what cannot be punched.
     */
    public static NatMix halkes2010() {
        return new NatMix(
                "halkes2010",
                List.of(new Part(NatType.PORT_RESTRICTED, 0.573), new Part(NatType.SYMMETRIC, 0.067)),
                "Halkes, Pouwelse: UDP NAT and Firewall Puncturing in the Wild, TU Delft PDS-2010-007, and IFIP"
                        + " Networking 2011");
    }

    /**
     * The mix with this text: constants of {@link NatType} in lower case, with hyphens and a share of all nodes each, as in
     * {@code port-restricted 0.4, symmetric 0.1}; {@code ford2005:0.6}, {@code halkes2010} or {@code none}.
     * {@link #toString} is this form.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names the part, and lists the forms
     */
    public static NatMix parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.equals("halkes2010")) {
            return halkes2010();
        }
        if (text.startsWith("ford2005:")) {
            return residential(Quantity.number(text.substring("ford2005:".length())));
        }
        return of(
                Stream.of(text.strip().split("\\s*,\\s*", -1)).map(NatMix::part).toArray(Part[]::new));
    }

    private static Part part(String text) {
        String[] words = text.split("\\s+", -1);
        NatType type = TYPES.get(words[0]);
        if (type == null || words.length != 2) {
            throw new IllegalArgumentException("Not a mix of NATs: '" + text + "'; the forms are " + FORMS);
        }
        return new Part(type, Quantity.number(words[1]));
    }

    /** What there is beside open nodes. */
    public List<Part> parts() {
        return parts;
    }

    /** Where the shares are from; empty if they are the caller's own. */
    public String source() {
        return source;
    }

    /** What a node is behind; null for nothing. Takes one {@link RandomGenerator#nextDouble}. */
    public @Nullable NatType draw(RandomGenerator random) {
        double point = random.nextDouble();
        for (Part part : parts) {
            point -= part.share();
            if (point < 0) {
                return part.type();
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NatMix that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * The nodes behind NATs of one kind.
     *
     * @param type one of the constants of {@link NatType}, since only they have names
     * @param share of all nodes, 0 to 1
     */
    public record Part(NatType type, double share) {
        /** Checks the values. */
        public Part {
            if (!TYPES.containsValue(type)) {
                throw new IllegalArgumentException("A NAT in a mix is one of the constants of NatType, not " + type);
            }
            Quantity.checked("The share of nodes behind a kind of NAT", share, 0, 1);
        }

        /** What the kind is called in texts, as {@code port-restricted}. */
        public String name() {
            return TYPES.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(type))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
