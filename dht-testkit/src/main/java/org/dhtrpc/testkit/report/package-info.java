/**
 * What a run was like, as data: {@link org.dhtrpc.testkit.report.Recording}. As one HTML file that needs nothing but a browser:
 * {@code Report}.
 */
package org.dhtrpc.testkit.report;
