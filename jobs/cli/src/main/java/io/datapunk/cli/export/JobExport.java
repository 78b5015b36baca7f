package io.datapunk.cli.export;

import io.datapunk.lake.model.Progress;
import java.util.List;

/** Somebody who is told of one run of a command: made when it begins, asked to watch its stages, told of its end. */
interface JobExport {
    /** Where the command is to tell how far it is, so that its stages are noticed on the way to the next. */
    default Progress watch(Progress next) {
        return next;
    }

    /**
     * The command has ended. Whoever takes longer than {@link JobExports} waits is given up.
     *
     * @return why something could not be told; the command's own work is done
     */
    List<String> ended(JobEnd end);
}
