package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;

/** Problem, cause, remedy as {@code --json} prints them. */
record Failure(String problem, String cause, String remedy) {
    static Failure of(LakeException exception) {
        return new Failure(exception.problem(), exception.reason(), exception.remedy());
    }
}
