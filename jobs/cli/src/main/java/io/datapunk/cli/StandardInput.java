package io.datapunk.cli;

import java.io.InputStream;

/**
 * Where a command reads what it is not given as an argument.
 *
 * @param isTerminal whether a person types there, and sees what is printed
 */
record StandardInput(InputStream stream, boolean isTerminal) {}
