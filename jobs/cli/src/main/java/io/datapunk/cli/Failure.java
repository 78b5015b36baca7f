package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.io.PrintWriter;

/** Problem, cause, remedy as they are printed, by {@code --json} too. */
record Failure(String problem, String cause, String remedy) {
    static Failure of(LakeException exception) {
        return new Failure(exception.problem(), exception.reason(), exception.remedy());
    }

    void print(PrintWriter out) {
        out.println("lake: " + problem);
        out.println("  cause:  " + cause);
        out.println("  remedy: " + remedy);
    }
}
