/**
 * What a run was like: as data, {@link org.dhtrpc.testkit.report.Recording}, and as one HTML file that needs nothing but a
 * browser, {@link org.dhtrpc.testkit.report.Report}.
 */
package org.dhtrpc.testkit.report;
