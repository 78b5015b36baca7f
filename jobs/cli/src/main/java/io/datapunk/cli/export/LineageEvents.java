package io.datapunk.cli.export;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.DatasetFacets;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.LifecycleStateChangeDatasetFacet.LifecycleStateChange;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacets;
import io.openlineage.client.OpenLineage.SchemaDatasetFacetFields;
import io.openlineage.client.utils.DatasetIdentifier;
import io.openlineage.client.utils.UUIDUtils;
import io.openlineage.client.utils.filesystem.FilesystemDatasetUtils;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What OpenLineage is told of one run. Tables are named by their paths, as OpenLineage's naming has it, and by their names. */
final class LineageEvents {
    private final OpenLineage facets;
    private final UUID run;
    private final String namespace;
    private final String command;
    private final LakeHome home;

    LineageEvents(JobRun run) {
        this.facets =
                new OpenLineage(URI.create("urn:datapunk-lake:" + run.version().replace(' ', '-')));
        this.run = UUIDUtils.generateNewUUID(run.startedAt());
        this.namespace = run.config().lineage().namespace();
        this.command = run.command();
        this.home = run.home();
    }

    RunEvent started(Instant at) {
        return event(at, EventType.START, facets.newRunFacetsBuilder().build(), List.of(), List.of());
    }

    /**
     * @param before the versions of the lake's tables when it began
     * @param after when it had ended: tables with another one are its outputs
     */
    RunEvent ended(JobEnd end, Map<DatasetName, Long> before, SortedMap<DatasetName, Long> after) {
        OpenLineage.RunFacetsBuilder told = facets.newRunFacetsBuilder();
        end.problem()
                .ifPresent(
                        problem -> told.errorMessage(facets.newErrorMessageRunFacet(problem.message(), "JAVA", null)));
        List<OutputDataset> outputs = new ArrayList<>();
        after.forEach((table, version) -> {
            if (!version.equals(before.get(table))) {
                outputs.add(output(table, version, !before.containsKey(table)));
            }
        });
        return event(
                end.at(),
                end.exitCode() == 0 ? EventType.COMPLETE : EventType.FAIL,
                told.build(),
                inputs(end.inputs()),
                outputs);
    }

    private RunEvent event(
            Instant at, EventType type, RunFacets told, List<InputDataset> inputs, List<OutputDataset> outputs) {
        return facets.newRunEvent(
                at.atZone(ZoneOffset.UTC),
                type,
                facets.newRun(run, told),
                facets.newJob(
                        namespace,
                        command,
                        facets.newJobFacetsBuilder()
                                .jobType(facets.newJobTypeJobFacet("BATCH", "DATAPUNK_LAKE", "COMMAND", null))
                                .build()),
                inputs,
                outputs);
    }

    /** Each once: of a table that was read at several versions the newest. */
    private List<InputDataset> inputs(List<Input> read) {
        SortedMap<DatasetName, Long> tables = new TreeMap<>();
        List<InputDataset> inputs = new ArrayList<>();
        for (Input input : read) {
            if (input instanceof Input.Table table) {
                tables.merge(table.name(), table.version(), Math::max);
            } else if (input instanceof Input.File file) {
                DatasetIdentifier place = place(file.path().toString());
                inputs.add(facets.newInputDataset(
                        place.getNamespace(),
                        place.getName(),
                        facets.newDatasetFacetsBuilder().build(),
                        null));
            }
        }
        tables.forEach((table, version) -> {
            DatasetIdentifier place = place(home.tablePath(table));
            inputs.add(facets.newInputDataset(
                    place.getNamespace(),
                    place.getName(),
                    described(table, version).build(),
                    null));
        });
        return inputs;
    }

    private OutputDataset output(DatasetName table, long version, boolean created) {
        DatasetIdentifier place = place(home.tablePath(table));
        DatasetFacetsBuilder described = described(table, version);
        if (created) {
            described.lifecycleStateChange(
                    facets.newLifecycleStateChangeDatasetFacet(LifecycleStateChange.CREATE, null));
        }
        DatasetFacets told = described.build();
        return facets.newOutputDataset(place.getNamespace(), place.getName(), told, null);
    }

    /** What is known of any table, and the columns of those that the lake defines. */
    private DatasetFacetsBuilder described(DatasetName table, long version) {
        DatasetFacetsBuilder told = facets.newDatasetFacetsBuilder()
                .version(facets.newDatasetVersionDatasetFacet(Long.toString(version)))
                .storage(facets.newStorageDatasetFacet("delta", "parquet"))
                .symlinks(facets.newSymlinksDatasetFacet(List.of(facets.newSymlinksDatasetFacetIdentifiers(
                        location(home.tablesPath()).toString(), table.toString(), "TABLE"))));
        LakeTables.find(table).ifPresent(definition -> told.schema(facets.newSchemaDatasetFacet(fields(definition)))
                .documentation(facets.newDocumentationDatasetFacet(definition.comment(), null)));
        return told;
    }

    private List<SchemaDatasetFacetFields> fields(TableDefinition definition) {
        List<SchemaDatasetFacetFields> fields = new ArrayList<>();
        for (Column column : definition.columns()) {
            fields.add(facets.newSchemaDatasetFacetFieldsBuilder()
                    .name(column.name())
                    .type(column.type().toString())
                    .description(column.comment())
                    .build());
        }
        return fields;
    }

    private static DatasetIdentifier place(String path) {
        return FilesystemDatasetUtils.fromLocation(location(path));
    }

    /** Hadoop's name of S3 is not OpenLineage's. */
    private static URI location(String path) {
        try {
            return path.contains("://")
                    ? URI.create(path.replaceFirst("^s3a://", "s3://"))
                    : new URI("file", null, path, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path + " cannot be written as a URI", e);
        }
    }
}
