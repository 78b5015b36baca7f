/**
 * Carries a plan out: copy, verify, audit, switch. A source is retired only after its copy was read back and compared, and
 * a run that was killed is taken up where the lake itself shows that it stopped.
 */
package io.datapunk.tiering.apply;
