package io.datapunk.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.cli.export.JobEnd.Problem;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineageEventsTest {
    private static final Instant BEGAN = Instant.parse("2026-05-01T10:00:00Z");
    private static final DatasetName ACTIVITY = DatasetName.parse("user_data.activity");
    private static final DatasetName PLACES = DatasetName.parse("analytics.places");
    private static final DatasetName FOREIGN = DatasetName.parse("crm.orders");

    @Test
    void tablesWithAnotherVersionAreOutputs() {
        RunEvent event = events("/data/my lake")
                .ended(
                        done(List.of()),
                        Map.of(ACTIVITY, 3L, PLACES, 7L),
                        new TreeMap<>(Map.of(ACTIVITY, 3L, PLACES, 8L, FOREIGN, 0L)));

        assertThat(event.getEventType()).isEqualTo(EventType.COMPLETE);
        assertThat(event.getOutputs())
                .extracting(OutputDataset::getNamespace, OutputDataset::getName, LineageEventsTest::version)
                .containsExactly(
                        tuple("file", "/data/my lake/tables/analytics/places", "8"),
                        tuple("file", "/data/my lake/tables/crm/orders", "0"));
        assertThat(event.getOutputs().get(0).getFacets().getLifecycleStateChange())
                .isNull();
        assertThat(event.getOutputs()
                        .get(1)
                        .getFacets()
                        .getLifecycleStateChange()
                        .getLifecycleStateChange())
                .hasToString("CREATE");
        assertThat(event.getOutputs().get(0).getFacets().getSchema().getFields())
                .extracting(field -> field.getName() + " " + field.getType())
                .startsWith("user_id string", "place int");
        assertThat(event.getOutputs().get(1).getFacets().getSchema())
                .as("nothing is known of it")
                .isNull();
        assertThat(event.getOutputs().get(0).getFacets().getSymlinks().getIdentifiers())
                .extracting(link -> link.getNamespace() + " " + link.getName() + " " + link.getType())
                .containsExactly("file:/data/my%20lake/tables analytics.places TABLE");
    }

    @Test
    void onS3ABucketIsTheNamespace() {
        RunEvent event = events("s3a://bucket/lakes/one")
                .ended(done(List.of(new Input.Table(ACTIVITY, 4))), Map.of(), new TreeMap<>(Map.of(PLACES, 0L)));

        assertThat(event.getInputs())
                .extracting(InputDataset::getNamespace, InputDataset::getName)
                .containsExactly(tuple("s3://bucket", "lakes/one/tables/user_data/activity"));
        assertThat(event.getOutputs())
                .extracting(OutputDataset::getNamespace, OutputDataset::getName)
                .containsExactly(tuple("s3://bucket", "lakes/one/tables/analytics/places"));
    }

    @Test
    void anInputStandsOnceWithItsNewestVersion() {
        RunEvent event = events("/lake")
                .ended(
                        done(List.of(
                                new Input.Table(ACTIVITY, 4),
                                Input.Table.parse("user_data.activity@6"),
                                new Input.File(Path.of("/exports/takeout.zip")))),
                        Map.of(),
                        new TreeMap<>());

        assertThat(event.getInputs())
                .extracting(InputDataset::getName)
                .containsExactly("/exports/takeout.zip", "/lake/tables/user_data/activity");
        assertThat(event.getInputs().get(1).getFacets().getVersion().getDatasetVersion())
                .isEqualTo("6");
    }

    @Test
    void aRunHasOneIdAndTellsWhyItFailed() {
        LineageEvents events = events("/lake");
        LakeException problem = LakeException.failed("nothing.zip cannot be read", "there is no such file", "check it");

        RunEvent started = events.started(BEGAN);
        RunEvent ended = events.ended(
                new JobEnd(1, BEGAN, 1, Optional.of(Problem.of(problem)), List.of(), List.of()),
                Map.of(),
                new TreeMap<>());

        assertThat(started.getEventType()).isEqualTo(EventType.START);
        assertThat(started.getRun().getRunId())
                .isEqualTo(ended.getRun().getRunId())
                .satisfies(id -> assertThat(id.version()).isEqualTo(7));
        assertThat(ended.getEventType()).isEqualTo(EventType.FAIL);
        assertThat(ended.getRun().getFacets().getErrorMessage().getMessage())
                .isEqualTo("nothing.zip cannot be read: there is no such file");
        assertThat(ended.getJob().getNamespace()).isEqualTo("datapunk-lake");
        assertThat(ended.getJob().getName()).isEqualTo("analytics run");
    }

    @Test
    void whatAnUnexpectedExceptionQuotesStaysHere() {
        Problem told = Problem.unexpected(new IllegalStateException("row of ann@example.org"));

        assertThat(told.toString()).contains("IllegalStateException").doesNotContain("ann");
    }

    private static String version(OutputDataset output) {
        return output.getFacets().getVersion().getDatasetVersion();
    }

    private static JobEnd done(List<Input> inputs) {
        return new JobEnd(0, BEGAN.plusSeconds(9), 9, Optional.empty(), inputs, List.of());
    }

    private static LineageEvents events(String home) {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home));
        return new LineageEvents(new JobRun("analytics run", BEGAN, "1.2.3", config, Map.of()));
    }
}
