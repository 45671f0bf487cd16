package org.dhtrpc.routing;

/**
 * How much a machine holds of what peers can make it hold, besides what {@link org.dhtrpc.DhtStats} tells users.
 *
 * @param remembered calls whose repeats would be recognised
 * @param pings pings under way
 * @param strangers those of them that go to strangers
 * @param joiners strangers who may yet tell us of themselves
 * @param punches what the hole puncher works at
 * @param rated addresses whose requests are counted
 * @param delayed pongs that are put off
 * @param introduced strangers who are pinged before they are answered
 * @param kept contacts to whom a path is kept open
 * @param noted strangers who may be asked whether they reach us
 * @param lately those who have answered lately, and to whom pings may be relayed
 */
record Gauges(
        int remembered,
        int pings,
        int strangers,
        int joiners,
        int punches,
        int rated,
        int delayed,
        int introduced,
        int kept,
        int noted,
        int lately) {}
