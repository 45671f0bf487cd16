package org.dhtrpc.natlab;

import java.util.List;
import java.util.function.Consumer;

/** Tries cells, and nothing else. */
record Tables(List<Cell> cells) implements Suite {
    @Override
    public Results run(String config, Laboratory lab, int tries, Consumer<String> progress) {
        try (Fleet fleet = Fleet.start(lab, Matrix.uses(cells, tries))) {
            return new Results(config, new Matrix(lab, fleet, progress).run(cells, tries), List.of());
        }
    }
}
