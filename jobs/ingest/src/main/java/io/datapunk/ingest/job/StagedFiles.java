package io.datapunk.ingest.job;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.QuarantineTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The staged files of one unit: one for each table that it has rows for. They appear under their names when the unit is
 * whole; a unit that is tried again replaces them by equal ones.
 */
final class StagedFiles implements Closeable {
    private static final StagedTable FACTS = new StagedTable(FileFacts.DEFINITION);
    private static final StagedTable QUARANTINE = new StagedTable(QuarantineTable.DEFINITION);

    private final Path staging;
    private final Path attempt;
    private final String fileName;
    private final StagedTables tables;
    private final Map<StagedTable, StagedFileWriter> writers = new LinkedHashMap<>();
    private final long firstRow;
    private long rows;

    /** @param attempt differs between two attempts at one unit */
    StagedFiles(Path staging, int unit, long attempt, StagedTables tables) throws IOException {
        this.staging = staging;
        this.fileName = "unit-%06d.parquet".formatted(unit);
        this.attempt = Files.createDirectories(staging.resolve("attempts").resolve(unit + "-" + attempt));
        this.tables = tables;
        this.firstRow = StagedTable.firstRow(unit);
    }

    /** @param firstOccurrence see {@link StagedTable#FIRST_OCCURRENCE} */
    void row(DatasetName dataset, int file, String firstOccurrence, Object[] values) throws IOException {
        write(tables.table(dataset), file, firstOccurrence, values);
    }

    void reject(int file, Object[] values) throws IOException {
        write(QUARANTINE, file, null, values);
    }

    void facts(int file, FileFacts facts) throws IOException {
        write(FACTS, file, null, facts.values());
    }

    private void write(StagedTable table, int file, String firstOccurrence, Object[] values) throws IOException {
        StagedFileWriter writer = writers.get(table);
        if (writer == null) {
            writer = new StagedFileWriter(table, attempt.resolve(table.folder() + ".parquet"));
            writers.put(table, writer);
        }
        writer.write(new StagedRow(firstRow + rows++, file, firstOccurrence, values));
    }

    /** Finishes the files and puts them in their places. */
    void commit(UnitResult result) throws IOException {
        for (StagedFileWriter writer : writers.values()) {
            writer.close();
        }
        for (StagedTable table : writers.keySet()) {
            Path from = attempt.resolve(table.folder() + ".parquet");
            result.addStagedBytes(table.folder(), Files.size(from));
            Path folder = Files.createDirectories(staging.resolve(table.folder()));
            Files.move(
                    from,
                    folder.resolve(fileName),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        writers.clear();
    }

    /** Leaves what was not committed to the clean-up of staging. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (StagedFileWriter writer : writers.values()) {
            try {
                writer.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
