package io.datapunk.maintenance.task;

import io.datapunk.lake.model.LakeException;
import java.util.List;

/** What a task does. */
@FunctionalInterface
public interface Work {
    /**
     * Does it, or in a dry run tells what there is to do.
     *
     * @throws LakeException where it fails as a whole
     */
    Done run(boolean dryRun);

    /**
     * What became of it.
     *
     * @param notes what a person should know and do something about
     * @param problems of single subjects, the others being done
     */
    record Done(List<Figure> figures, List<String> notes, List<LakeException> problems) {
        public Done {
            figures = List.copyOf(figures);
            notes = List.copyOf(notes);
            problems = List.copyOf(problems);
        }

        static Done failed(LakeException problem) {
            return new Done(List.of(), List.of(), List.of(problem));
        }

        public static Done of(List<Figure> figures) {
            return new Done(figures, List.of(), List.of());
        }
    }
}
