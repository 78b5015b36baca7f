package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.LogStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** What Delta asks of a log store; every one of ours has to keep it. */
abstract class LogStoreContract {
    /** A folder that nothing lies in yet. */
    abstract Path folder();

    /** How to reach it. */
    abstract Configuration configuration();

    /** A store as another process would have it. */
    abstract LogStore store();

    @Test
    void aCommitIsReadAsItWasWritten() throws IOException {
        write(commit(0), "{\"a\":\"ä€\"}", "{}");

        assertThat(read(commit(0))).containsExactly("{\"a\":\"ä€\"}", "{}");
    }

    @Test
    void aSecondWriterOfAVersionIsRefusedAndChangesNothing() throws IOException {
        write(commit(0), "first");

        assertThatThrownBy(() -> write(commit(0), "second")).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read(commit(0))).containsExactly("first");
    }

    @Test
    void equalContentOfAnotherWriterIsAConflictToo() throws IOException {
        write(commit(0), "equal");

        assertThatThrownBy(() -> write(commit(0), "equal")).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void whatMayBeOverwrittenIs() throws IOException {
        write(commit(0), "first");
        store().write(commit(0), List.of("second").iterator(), true, configuration());

        assertThat(read(commit(0))).containsExactly("second");
    }

    @Test
    void listingBeginsAtAVersionAndIsOrdered() throws IOException {
        for (long version : List.of(10L, 2L, 1L, 9L)) {
            write(commit(version), "commit " + version);
        }

        assertThat(listed(commit(2)))
                .containsExactly(
                        commit(2).getName(), commit(9).getName(), commit(10).getName());
    }

    @Test
    void whatWasWrittenIsListedAtOnce() throws IOException {
        for (long version = 0; version < 20; version++) {
            write(commit(version), "commit");

            assertThat(listed(commit(version))).containsExactly(commit(version).getName());
        }
    }

    @Test
    void aLogThatDoesNotExistCannotBeListed() {
        assertThatThrownBy(() -> listed(commit(0))).isInstanceOf(java.io.FileNotFoundException.class);
    }

    @Test
    void ofSeveralWritersOfOneVersionExactlyOneWinsAndItsCommitStays() throws Exception {
        int writers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (long version = 0; version < 10; version++) {
                Path commit = commit(version);
                List<Callable<String>> races = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    String content = "writer " + writer;
                    races.add(() -> {
                        try {
                            write(commit, content);
                            return content;
                        } catch (FileAlreadyExistsException lost) {
                            return "";
                        }
                    });
                }
                List<String> winners = new ArrayList<>();
                for (Future<String> race : threads.invokeAll(races)) {
                    winners.add(race.get());
                }
                winners.removeIf(String::isEmpty);

                assertThat(winners).hasSize(1);
                assertThat(read(commit)).isEqualTo(winners);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void partOfACommitIsNeverSeen() throws IOException {
        assertThat(store().isPartialWriteVisible(commit(0), configuration())).isFalse();
    }

    Path commit(long version) {
        return new Path(folder(), String.format("%020d.json", version));
    }

    void write(Path path, String... lines) throws IOException {
        store().write(path, List.of(lines).iterator(), false, configuration());
    }

    List<String> read(Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        try (var content = store().read(path, configuration())) {
            content.forEachRemaining(lines::add);
        }
        return lines;
    }

    List<String> listed(Path from) throws IOException {
        List<String> names = new ArrayList<>();
        for (var files = store().listFrom(from, configuration()); files.hasNext(); ) {
            FileStatus file = files.next();
            names.add(file.getPath().getName());
        }
        return names;
    }
}
