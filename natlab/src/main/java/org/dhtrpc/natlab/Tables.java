package org.dhtrpc.natlab;

import java.util.List;

/** Tries cells, and nothing else. */
record Tables(List<Cell> cells) implements Suite {
    @Override
    public Results run(Laboratory lab, Order order) {
        try (Fleet fleet = Fleet.start(lab, Matrix.uses(cells).keySet())) {
            return new Results(order.config(), new Matrix(lab, fleet, order).run(cells), List.of());
        }
    }
}
