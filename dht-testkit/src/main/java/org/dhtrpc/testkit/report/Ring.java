package org.dhtrpc.testkit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Nodes on the ring of ids, in layers of one group and kind.
 *
 * @param each how many nodes one dot stands for
 */
record Ring(int each, List<Layer> layers) {
    private static final int MOST = 20_000;

    /** So many places can be told apart on a ring that fills a large screen. */
    private static final int PLACES = 1 << 14;

    /**
     * @param count how many nodes are in it
     * @param steps where there are dots, from 0 to {@value #PLACES}, each as the distance from the one before
     */
    record Layer(int group, Place.Kind kind, int count, List<Integer> steps) {}

    static Ring of(List<Place> places) {
        List<Place> sorted = places.stream()
                .sorted(Comparator.comparing(Place::group)
                        .thenComparing(Place::kind)
                        .thenComparing(Place::fraction))
                .toList();
        int each = Math.max(1, (sorted.size() + MOST - 1) / MOST);
        List<Layer> layers = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || !alike(sorted.get(begin), sorted.get(i))) {
                layers.add(layer(sorted.subList(begin, i), each));
                begin = i;
            }
        }
        return new Ring(each, layers);
    }

    private static boolean alike(Place one, Place other) {
        return one.group() == other.group() && one.kind() == other.kind();
    }

    private static Layer layer(List<Place> places, int each) {
        List<Integer> steps = new ArrayList<>();
        int before = 0;
        for (int i = 0; i < places.size(); i += each) {
            int place = (int) (places.get(i).fraction() * PLACES);
            steps.add(place - before);
            before = place;
        }
        return new Layer(places.get(0).group(), places.get(0).kind(), places.size(), steps);
    }
}
