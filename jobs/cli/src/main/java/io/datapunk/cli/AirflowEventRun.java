package io.datapunk.cli;

import io.datapunk.airflow.Airflow;
import io.datapunk.airflow.AssetEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells Airflow of an asset's news. */
final class AirflowEventRun {
    /**
     * What was told, as {@code --json} prints it.
     *
     * @param at absent in a dry run
     * @param waiting DAGs that are scheduled by the asset
     */
    record Told(String asset, Optional<Instant> at, Map<String, Object> extra, List<String> waiting) {}

    private final Invocation invocation;

    AirflowEventRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(String name, Map<String, String> texts) {
        Airflow airflow = Airflow.of(invocation.config().airflow());
        TypedValues extra = TypedValues.parse(texts);
        if (invocation.dryRun()) {
            return outcome(new Told(name, Optional.empty(), extra.byName(), airflow.waiting(name)));
        }
        AssetEvent event = airflow.event(name, extra.byName());
        return outcome(new Told(event.asset(), Optional.of(event.at()), extra.byName(), event.waiting()));
    }

    private static Outcome outcome(Told told) {
        return Outcome.of(told, out -> print(told, out));
    }

    private static void print(Told told, PrintWriter out) {
        out.println((told.at().isPresent() ? "Told Airflow of " : "Would tell Airflow of ") + told.asset() + ". "
                + (told.waiting().isEmpty()
                        ? "No DAG is scheduled by it."
                        : "Scheduled by it: " + String.join(", ", told.waiting()) + "."));
    }
}
