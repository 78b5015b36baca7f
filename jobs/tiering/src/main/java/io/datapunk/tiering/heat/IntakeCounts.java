package io.datapunk.tiering.heat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run took in. */
final class IntakeCounts {
    private long files;
    private long accepted;
    private long future;
    private long rejected;
    private long leftOut;
    private int batches;
    private final List<String> warnings = new ArrayList<>();
    private Optional<Instant> earliest = Optional.empty();

    /** @param first the earliest hour that the batch counted */
    void add(long batchFiles, AccessBatch.Lines lines, List<AccessInput> inputs, Optional<Instant> first) {
        batches++;
        accepted += lines.accepted().size();
        future += lines.future().size();
        rejected += lines.rejected().size();
        // A batch of a source that remembers its inputs has one file of lines, whatever it was made of.
        files += inputs.isEmpty() ? batchFiles : inputs.size();
        if (first.isPresent() && (earliest.isEmpty() || first.get().isBefore(earliest.get()))) {
            earliest = first;
        }
    }

    /** The rows of an imported file, of which there are no lines. */
    void addImported(Path file, ImportFiles.Counted rows) {
        accepted += rows.rows();
        if (rows.future() > 0) {
            warnings.add(rows.future() + " rows of " + file + " lie in the future and do not count");
        }
        if (rows.rejected() > 0) {
            warnings.add(rows.rejected() + " rows of " + file + " have no usable time, dataset or number, or are older"
                    + " than " + AccessLine.OLDEST.toDays() + " d, and do not count");
        }
        leftOut += rows.future() + rows.rejected();
    }

    /** Lines of an input that say nothing usable. */
    void leaveOut(long lines, String warning) {
        leftOut += lines;
        warnings.add(warning);
    }

    /** Says something to whoever runs the job. */
    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Rows and lines of inputs that stay with their owner, which do not count. */
    long leftOut() {
        return leftOut;
    }

    long files() {
        return files;
    }

    long accepted() {
        return accepted;
    }

    long future() {
        return future;
    }

    long rejected() {
        return rejected;
    }

    int batches() {
        return batches;
    }

    Optional<Instant> earliest() {
        return earliest;
    }
}
